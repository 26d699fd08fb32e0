
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "actions": {
                  Row: {
                    "archived_at": string | null,"capability_id": string,"created_at": string,"id": string,"key": string,"name": string,"position": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"capability_id": string,"created_at"?: string,"id"?: string,"key": string,"name": string,"position"?: number,"workspace_id": string
                  }
                  Update: {
                    "archived_at"?: string | null,"capability_id"?: string,"created_at"?: string,"id"?: string,"key"?: string,"name"?: string,"position"?: number,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "actions_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "actions_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"api_key_uses": {
                  Row: {
                    "api_key_id": string,"last_used_at": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "api_key_id": string,"last_used_at": string,"workspace_id": string
                  }
                  Update: {
                    "api_key_id"?: string,"last_used_at"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "api_key_uses_api_key_id_fkey"
      columns: ["workspace_id","api_key_id"]
isOneToOne: true
      referencedRelation: "api_keys"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "api_key_uses_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"api_keys": {
                  Row: {
                    "created_at": string,"created_by": string | null,"environment_ids": (string)[] | null,"expires_at": string | null,"id": string,"name": string,"permissions": (string)[],"prefix": string,"revoked_at": string | null,"revoked_by": string | null,"rotated_at": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"environment_ids"?: (string)[] | null,"expires_at"?: string | null,"id"?: string,"name": string,"permissions": (string)[],"prefix": string,"revoked_at"?: string | null,"revoked_by"?: string | null,"rotated_at"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"environment_ids"?: (string)[] | null,"expires_at"?: string | null,"id"?: string,"name"?: string,"permissions"?: (string)[],"prefix"?: string,"revoked_at"?: string | null,"revoked_by"?: string | null,"rotated_at"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "api_keys_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"approval_requests": {
                  Row: {
                    "act": string,"action_id": string | null,"authors": (string)[],"capability_id": string | null,"content_hash": string,"created_at": string,"decided_at": string | null,"environment_id": string,"experiment_id": string | null,"id": string,"intent_id": string | null,"message": string,"prompt_version_id": string | null,"requested_by": string | null,"requested_kind": string,"revision": number | null,"state": string,"used_at": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "act": string,"action_id"?: string | null,"authors"?: (string)[],"capability_id"?: string | null,"content_hash": string,"created_at"?: string,"decided_at"?: string | null,"environment_id": string,"experiment_id"?: string | null,"id"?: string,"intent_id"?: string | null,"message"?: string,"prompt_version_id"?: string | null,"requested_by"?: string | null,"requested_kind": string,"revision"?: number | null,"state"?: string,"used_at"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "act"?: string,"action_id"?: string | null,"authors"?: (string)[],"capability_id"?: string | null,"content_hash"?: string,"created_at"?: string,"decided_at"?: string | null,"environment_id"?: string,"experiment_id"?: string | null,"id"?: string,"intent_id"?: string | null,"message"?: string,"prompt_version_id"?: string | null,"requested_by"?: string | null,"requested_kind"?: string,"revision"?: number | null,"state"?: string,"used_at"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "approval_requests_action_id_fkey"
      columns: ["workspace_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "approval_requests_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "approval_requests_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "approval_requests_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "approval_requests_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "approval_requests_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "approval_requests_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "approval_requests_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "approval_requests_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "approval_requests_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "approval_requests_intent_id_fkey"
      columns: ["workspace_id","intent_id"]
isOneToOne: false
      referencedRelation: "intents"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "approval_requests_prompt_version_id_fkey"
      columns: ["workspace_id","prompt_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "approval_requests_prompt_version_id_fkey"
      columns: ["workspace_id","prompt_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "approval_requests_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"approval_reviews": {
                  Row: {
                    "comment": string,"created_at": string,"decision": string,"id": string,"request_id": string,"reviewer_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "comment"?: string,"created_at"?: string,"decision": string,"id"?: string,"request_id": string,"reviewer_id": string,"workspace_id": string
                  }
                  Update: {
                    "comment"?: string,"created_at"?: string,"decision"?: string,"id"?: string,"request_id"?: string,"reviewer_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "approval_reviews_request_id_fkey"
      columns: ["workspace_id","request_id"]
isOneToOne: false
      referencedRelation: "approval_requests"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "approval_reviews_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"approval_rules": {
                  Row: {
                    "act": string,"allow_self": boolean,"approvals": number,"created_at": string,"created_by": string | null,"environment_id": string | null,"id": string,"permission": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "act": string,"allow_self"?: boolean,"approvals"?: number,"created_at"?: string,"created_by"?: string | null,"environment_id"?: string | null,"id"?: string,"permission": string,"workspace_id": string
                  }
                  Update: {
                    "act"?: string,"allow_self"?: boolean,"approvals"?: number,"created_at"?: string,"created_by"?: string | null,"environment_id"?: string | null,"id"?: string,"permission"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "approval_rules_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "approval_rules_permission_fkey"
      columns: ["permission"]
isOneToOne: false
      referencedRelation: "permissions"
      referencedColumns: ["key"]
    },{
      foreignKeyName: "approval_rules_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"assignments": {
                  Row: {
                    "actor_id": string | null,"actor_kind": string,"assigned_at": string,"attributes": NonNullable<Json>,"bucket": number,"conversation": string | null,"experiment_id": string,"id": string,"intent_id": string | null,"phase_id": string,"subject": string,"tx": number,"unit_id": string,"variant_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_id"?: string | null,"actor_kind"?: string,"assigned_at"?: string,"attributes"?: NonNullable<Json>,"bucket": number,"conversation"?: string | null,"experiment_id": string,"id"?: string,"intent_id"?: string | null,"phase_id": string,"subject": string,"tx"?: number,"unit_id": string,"variant_id": string,"workspace_id": string
                  }
                  Update: {
                    "actor_id"?: string | null,"actor_kind"?: string,"assigned_at"?: string,"attributes"?: NonNullable<Json>,"bucket"?: number,"conversation"?: string | null,"experiment_id"?: string,"id"?: string,"intent_id"?: string | null,"phase_id"?: string,"subject"?: string,"tx"?: number,"unit_id"?: string,"variant_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "assignments_phase_id_fkey"
      columns: ["workspace_id","experiment_id","phase_id"]
isOneToOne: false
      referencedRelation: "experiment_phases"
      referencedColumns: ["workspace_id","experiment_id","id"]
    },{
      foreignKeyName: "assignments_variant_id_fkey"
      columns: ["workspace_id","experiment_id","variant_id"]
isOneToOne: false
      referencedRelation: "experiment_arms"
      referencedColumns: ["workspace_id","experiment_id","variant_id"]
    },{
      foreignKeyName: "assignments_variant_id_fkey"
      columns: ["workspace_id","experiment_id","variant_id"]
isOneToOne: false
      referencedRelation: "variants"
      referencedColumns: ["workspace_id","experiment_id","id"]
    },{
      foreignKeyName: "assignments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"audit_events": {
                  Row: {
                    "actor_id": string | null,"actor_kind": string,"actor_label": string | null,"after": Json | null,"before": Json | null,"changed": (string)[],"id": string,"occurred_at": string,"operation": string,"position": number,"request_id": string,"row_count": number,"row_id": string | null,"row_key": Json | null,"table_name": string,"verb": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_id"?: string | null,"actor_kind": string,"actor_label"?: string | null,"after"?: Json | null,"before"?: Json | null,"changed"?: (string)[],"id"?: string,"occurred_at"?: string,"operation": string,"position": number,"request_id": string,"row_count"?: number,"row_id"?: string | null,"row_key"?: Json | null,"table_name": string,"verb"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "actor_id"?: string | null,"actor_kind"?: string,"actor_label"?: string | null,"after"?: Json | null,"before"?: Json | null,"changed"?: (string)[],"id"?: string,"occurred_at"?: string,"operation"?: string,"position"?: number,"request_id"?: string,"row_count"?: number,"row_id"?: string | null,"row_key"?: Json | null,"table_name"?: string,"verb"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "audit_events_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"branches": {
                  Row: {
                    "created_at": string,"deleted_at": string | null,"head_version_id": string | null,"id": string,"name": string,"prompt_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"deleted_at"?: string | null,"head_version_id"?: string | null,"id"?: string,"name": string,"prompt_id": string,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"deleted_at"?: string | null,"head_version_id"?: string | null,"id"?: string,"name"?: string,"prompt_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "branches_head_version_id_fkey"
      columns: ["workspace_id","prompt_id","head_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","prompt_id","id"]
    },{
      foreignKeyName: "branches_head_version_id_fkey"
      columns: ["workspace_id","prompt_id","head_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","prompt_id","version_id"]
    },{
      foreignKeyName: "branches_prompt_id_fkey"
      columns: ["workspace_id","prompt_id"]
isOneToOne: false
      referencedRelation: "prompts"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "branches_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"capabilities": {
                  Row: {
                    "archived_at": string | null,"created_at": string,"description": string,"id": string,"key": string,"name": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"created_at"?: string,"description"?: string,"id"?: string,"key": string,"name": string,"workspace_id": string
                  }
                  Update: {
                    "archived_at"?: string | null,"created_at"?: string,"description"?: string,"id"?: string,"key"?: string,"name"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "capabilities_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"changes": {
                  Row: {
                    "action_id": string | null,"actor_id": string | null,"actor_kind": string,"capability_id": string | null,"deployment_id": string | null,"detail": NonNullable<Json>,"environment_id": string | null,"experiment_id": string | null,"id": string,"intent_id": string | null,"kind": string,"occurred_at": string,"recorded_at": string,"summary": string,"supersedes_id": string | null,"variant_id": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "action_id"?: string | null,"actor_id"?: string | null,"actor_kind": string,"capability_id"?: string | null,"deployment_id"?: string | null,"detail"?: NonNullable<Json>,"environment_id"?: string | null,"experiment_id"?: string | null,"id"?: string,"intent_id"?: string | null,"kind": string,"occurred_at"?: string,"recorded_at"?: string,"summary": string,"supersedes_id"?: string | null,"variant_id"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "action_id"?: string | null,"actor_id"?: string | null,"actor_kind"?: string,"capability_id"?: string | null,"deployment_id"?: string | null,"detail"?: NonNullable<Json>,"environment_id"?: string | null,"experiment_id"?: string | null,"id"?: string,"intent_id"?: string | null,"kind"?: string,"occurred_at"?: string,"recorded_at"?: string,"summary"?: string,"supersedes_id"?: string | null,"variant_id"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "changes_action_id_fkey"
      columns: ["workspace_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_deployment_id_fkey"
      columns: ["workspace_id","deployment_id"]
isOneToOne: false
      referencedRelation: "deployments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_deployment_id_fkey"
      columns: ["workspace_id","deployment_id"]
isOneToOne: false
      referencedRelation: "live_deployments"
      referencedColumns: ["workspace_id","deployment_id"]
    },{
      foreignKeyName: "changes_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_intent_id_fkey"
      columns: ["workspace_id","intent_id"]
isOneToOne: false
      referencedRelation: "intents"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_supersedes_id_fkey"
      columns: ["workspace_id","supersedes_id"]
isOneToOne: false
      referencedRelation: "change_effects"
      referencedColumns: ["workspace_id","change_id"]
    },{
      foreignKeyName: "changes_supersedes_id_fkey"
      columns: ["workspace_id","supersedes_id"]
isOneToOne: false
      referencedRelation: "changes"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_supersedes_id_fkey"
      columns: ["workspace_id","supersedes_id"]
isOneToOne: false
      referencedRelation: "timeline"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_variant_id_fkey"
      columns: ["workspace_id","variant_id"]
isOneToOne: false
      referencedRelation: "experiment_arms"
      referencedColumns: ["workspace_id","variant_id"]
    },{
      foreignKeyName: "changes_variant_id_fkey"
      columns: ["workspace_id","variant_id"]
isOneToOne: false
      referencedRelation: "variants"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"comments": {
                  Row: {
                    "author_id": string | null,"author_kind": string,"body": string,"created_at": string,"deleted_at": string | null,"edited_at": string | null,"id": string,"mentions": (string)[],"object_id": string,"object_kind": string,"resolved_at": string | null,"resolved_by": string | null,"thread_id": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "author_id"?: string | null,"author_kind": string,"body": string,"created_at"?: string,"deleted_at"?: string | null,"edited_at"?: string | null,"id"?: string,"mentions"?: (string)[],"object_id": string,"object_kind": string,"resolved_at"?: string | null,"resolved_by"?: string | null,"thread_id"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "author_id"?: string | null,"author_kind"?: string,"body"?: string,"created_at"?: string,"deleted_at"?: string | null,"edited_at"?: string | null,"id"?: string,"mentions"?: (string)[],"object_id"?: string,"object_kind"?: string,"resolved_at"?: string | null,"resolved_by"?: string | null,"thread_id"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "comments_thread_id_fkey"
      columns: ["workspace_id","thread_id"]
isOneToOne: false
      referencedRelation: "comments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "comments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"deployments": {
                  Row: {
                    "action_id": string | null,"capability_id": string,"created_at": string,"created_by": string | null,"environment_id": string,"id": string,"intent_id": string | null,"kind": string,"number": number,"previous_version_id": string | null,"prompt_version_id": string | null,"reason": string,"restores_number": number | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "action_id"?: string | null,"capability_id": string,"created_at"?: string,"created_by"?: string | null,"environment_id": string,"id"?: string,"intent_id"?: string | null,"kind": string,"number": number,"previous_version_id"?: string | null,"prompt_version_id"?: string | null,"reason"?: string,"restores_number"?: number | null,"workspace_id": string
                  }
                  Update: {
                    "action_id"?: string | null,"capability_id"?: string,"created_at"?: string,"created_by"?: string | null,"environment_id"?: string,"id"?: string,"intent_id"?: string | null,"kind"?: string,"number"?: number,"previous_version_id"?: string | null,"prompt_version_id"?: string | null,"reason"?: string,"restores_number"?: number | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "deployments_action_id_fkey"
      columns: ["workspace_id","capability_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","capability_id","id"]
    },{
      foreignKeyName: "deployments_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "deployments_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "deployments_intent_id_fkey"
      columns: ["workspace_id","intent_id"]
isOneToOne: false
      referencedRelation: "intents"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "deployments_previous_version_id_fkey"
      columns: ["workspace_id","previous_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "deployments_previous_version_id_fkey"
      columns: ["workspace_id","previous_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "deployments_prompt_version_id_fkey"
      columns: ["workspace_id","prompt_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "deployments_prompt_version_id_fkey"
      columns: ["workspace_id","prompt_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "deployments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"environments": {
                  Row: {
                    "archived_at": string | null,"created_at": string,"id": string,"is_production": boolean,"key": string,"name": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"created_at"?: string,"id"?: string,"is_production"?: boolean,"key": string,"name": string,"workspace_id": string
                  }
                  Update: {
                    "archived_at"?: string | null,"created_at"?: string,"id"?: string,"is_production"?: boolean,"key"?: string,"name"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "environments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"erasures": {
                  Row: {
                    "actor_id": string | null,"actor_kind": string,"erased_at": string,"id": string,"reason": string,"rows": NonNullable<Json>,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_id"?: string | null,"actor_kind": string,"erased_at"?: string,"id"?: string,"reason": string,"rows": NonNullable<Json>,"workspace_id": string
                  }
                  Update: {
                    "actor_id"?: string | null,"actor_kind"?: string,"erased_at"?: string,"id"?: string,"reason"?: string,"rows"?: NonNullable<Json>,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "erasures_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_actions": {
                  Row: {
                    "action_id": string,"capability_id": string,"experiment_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "action_id": string,"capability_id": string,"experiment_id": string,"workspace_id": string
                  }
                  Update: {
                    "action_id"?: string,"capability_id"?: string,"experiment_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "experiment_actions_action_id_fkey"
      columns: ["workspace_id","capability_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","capability_id","id"]
    },{
      foreignKeyName: "experiment_actions_experiment_id_fkey"
      columns: ["workspace_id","capability_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","capability_id","experiment_id"]
    },{
      foreignKeyName: "experiment_actions_experiment_id_fkey"
      columns: ["workspace_id","capability_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","capability_id","experiment_id"]
    },{
      foreignKeyName: "experiment_actions_experiment_id_fkey"
      columns: ["workspace_id","capability_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","capability_id","experiment_id"]
    },{
      foreignKeyName: "experiment_actions_experiment_id_fkey"
      columns: ["workspace_id","capability_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","capability_id","experiment_id"]
    },{
      foreignKeyName: "experiment_actions_experiment_id_fkey"
      columns: ["workspace_id","capability_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","capability_id","id"]
    },{
      foreignKeyName: "experiment_actions_experiment_id_fkey"
      columns: ["workspace_id","capability_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","capability_id","experiment_id"]
    },{
      foreignKeyName: "experiment_actions_experiment_id_fkey"
      columns: ["workspace_id","capability_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","capability_id","experiment_id"]
    },{
      foreignKeyName: "experiment_actions_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_intents": {
                  Row: {
                    "experiment_id": string,"intent_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "experiment_id": string,"intent_id": string,"workspace_id": string
                  }
                  Update: {
                    "experiment_id"?: string,"intent_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "experiment_intents_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_intents_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_intents_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_intents_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_intents_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_intents_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_intents_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_intents_intent_id_fkey"
      columns: ["workspace_id","intent_id"]
isOneToOne: false
      referencedRelation: "intents"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_intents_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_metrics": {
                  Row: {
                    "experiment_id": string,"margin": number | null,"metric_id": string,"role": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "experiment_id": string,"margin"?: number | null,"metric_id": string,"role"?: string,"workspace_id": string
                  }
                  Update: {
                    "experiment_id"?: string,"margin"?: number | null,"metric_id"?: string,"role"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "experiment_metrics_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_metrics_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_metrics_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_metrics_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_metrics_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_metrics_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_metrics_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_metrics_metric_id_fkey"
      columns: ["workspace_id","metric_id"]
isOneToOne: false
      referencedRelation: "outcome_metrics"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_metrics_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_moves": {
                  Row: {
                    "from_state": string,"permission": string,"to_state": string,"verb": string
                  }
                  ComputedFields: never
                  Insert: {
                    "from_state": string,"permission": string,"to_state": string,"verb": string
                  }
                  Update: {
                    "from_state"?: string,"permission"?: string,"to_state"?: string,"verb"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "experiment_moves_permission_fkey"
      columns: ["permission"]
isOneToOne: false
      referencedRelation: "permissions"
      referencedColumns: ["key"]
    }
                  ]
                },"experiment_phase_arms": {
                  Row: {
                    "bucket_from": number,"bucket_to": number,"experiment_id": string,"phase_id": string,"variant_id": string,"weight": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "bucket_from": number,"bucket_to": number,"experiment_id": string,"phase_id": string,"variant_id": string,"weight": number,"workspace_id": string
                  }
                  Update: {
                    "bucket_from"?: number,"bucket_to"?: number,"experiment_id"?: string,"phase_id"?: string,"variant_id"?: string,"weight"?: number,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "experiment_phase_arms_phase_id_fkey"
      columns: ["workspace_id","experiment_id","phase_id"]
isOneToOne: false
      referencedRelation: "experiment_phases"
      referencedColumns: ["workspace_id","experiment_id","id"]
    },{
      foreignKeyName: "experiment_phase_arms_variant_id_fkey"
      columns: ["workspace_id","experiment_id","variant_id"]
isOneToOne: false
      referencedRelation: "experiment_arms"
      referencedColumns: ["workspace_id","experiment_id","variant_id"]
    },{
      foreignKeyName: "experiment_phase_arms_variant_id_fkey"
      columns: ["workspace_id","experiment_id","variant_id"]
isOneToOne: false
      referencedRelation: "variants"
      referencedColumns: ["workspace_id","experiment_id","id"]
    },{
      foreignKeyName: "experiment_phase_arms_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_phases": {
                  Row: {
                    "experiment_id": string,"id": string,"number": number,"started_at": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "experiment_id": string,"id"?: string,"number": number,"started_at": string,"workspace_id": string
                  }
                  Update: {
                    "experiment_id"?: string,"id"?: string,"number"?: number,"started_at"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "experiment_phases_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_phases_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_phases_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_phases_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_phases_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_phases_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_phases_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_phases_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_results": {
                  Row: {
                    "as_of": string,"change_id": string | null,"created_at": string,"experiment_id": string | null,"grade": string | null,"id": string,"inputs": NonNullable<Json>,"inputs_hash": string,"method": string,"method_version": string,"metric_id": string | null,"reason_code": string | null,"result": Json | null,"variant_id": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "as_of": string,"change_id"?: string | null,"created_at"?: string,"experiment_id"?: string | null,"grade"?: string | null,"id"?: string,"inputs"?: NonNullable<Json>,"inputs_hash": string,"method": string,"method_version": string,"metric_id"?: string | null,"reason_code"?: string | null,"result"?: Json | null,"variant_id"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "as_of"?: string,"change_id"?: string | null,"created_at"?: string,"experiment_id"?: string | null,"grade"?: string | null,"id"?: string,"inputs"?: NonNullable<Json>,"inputs_hash"?: string,"method"?: string,"method_version"?: string,"metric_id"?: string | null,"reason_code"?: string | null,"result"?: Json | null,"variant_id"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "experiment_results_change_id_fkey"
      columns: ["workspace_id","change_id"]
isOneToOne: false
      referencedRelation: "change_effects"
      referencedColumns: ["workspace_id","change_id"]
    },{
      foreignKeyName: "experiment_results_change_id_fkey"
      columns: ["workspace_id","change_id"]
isOneToOne: false
      referencedRelation: "changes"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_results_change_id_fkey"
      columns: ["workspace_id","change_id"]
isOneToOne: false
      referencedRelation: "timeline"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_results_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_results_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_results_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_results_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_results_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_results_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_results_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_results_metric_id_fkey"
      columns: ["workspace_id","metric_id"]
isOneToOne: false
      referencedRelation: "outcome_metrics"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_results_variant_id_fkey"
      columns: ["workspace_id","variant_id"]
isOneToOne: false
      referencedRelation: "experiment_arms"
      referencedColumns: ["workspace_id","variant_id"]
    },{
      foreignKeyName: "experiment_results_variant_id_fkey"
      columns: ["workspace_id","variant_id"]
isOneToOne: false
      referencedRelation: "variants"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_results_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_revisions": {
                  Row: {
                    "actor_id": string | null,"actor_kind": string,"content_hash": string,"created_at": string,"document": NonNullable<Json>,"experiment_id": string,"revision": number,"state": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_id"?: string | null,"actor_kind": string,"content_hash": string,"created_at"?: string,"document": NonNullable<Json>,"experiment_id": string,"revision": number,"state": string,"workspace_id": string
                  }
                  Update: {
                    "actor_id"?: string | null,"actor_kind"?: string,"content_hash"?: string,"created_at"?: string,"document"?: NonNullable<Json>,"experiment_id"?: string,"revision"?: number,"state"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "experiment_revisions_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_revisions_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_revisions_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_revisions_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_revisions_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiment_revisions_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_revisions_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiment_revisions_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_templates": {
                  Row: {
                    "created_at": string,"created_by": string | null,"description": string,"document": NonNullable<Json>,"id": string,"key": string,"name": string,"slots": NonNullable<Json>,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"description"?: string,"document": NonNullable<Json>,"id"?: string,"key": string,"name": string,"slots": NonNullable<Json>,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"description"?: string,"document"?: NonNullable<Json>,"id"?: string,"key"?: string,"name"?: string,"slots"?: NonNullable<Json>,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "experiment_templates_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiments": {
                  Row: {
                    "assigned_by": string,"audience": Json | null,"call_fingerprint": string | null,"capability_id": string,"created_at": string,"created_by": string | null,"ended_at": string | null,"environment_id": string,"hypothesis": string,"id": string,"key": string,"layer_from": number | null,"layer_id": string | null,"layer_to": number | null,"minimum_effect": number | null,"name": string,"parent_experiment_id": string | null,"planned_units": number | null,"revision": number,"salt": string,"segments": (string)[],"sequence_units": number | null,"started_at": string | null,"state": string,"switchers": string,"traffic": number,"unit": string,"updated_at": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "assigned_by"?: string,"audience"?: Json | null,"call_fingerprint"?: string | null,"capability_id": string,"created_at"?: string,"created_by"?: string | null,"ended_at"?: string | null,"environment_id": string,"hypothesis"?: string,"id"?: string,"key": string,"layer_from"?: number | null,"layer_id"?: string | null,"layer_to"?: number | null,"minimum_effect"?: number | null,"name": string,"parent_experiment_id"?: string | null,"planned_units"?: number | null,"revision"?: number,"salt"?: string,"segments"?: (string)[],"sequence_units"?: number | null,"started_at"?: string | null,"state"?: string,"switchers"?: string,"traffic"?: number,"unit"?: string,"updated_at"?: string,"workspace_id": string
                  }
                  Update: {
                    "assigned_by"?: string,"audience"?: Json | null,"call_fingerprint"?: string | null,"capability_id"?: string,"created_at"?: string,"created_by"?: string | null,"ended_at"?: string | null,"environment_id"?: string,"hypothesis"?: string,"id"?: string,"key"?: string,"layer_from"?: number | null,"layer_id"?: string | null,"layer_to"?: number | null,"minimum_effect"?: number | null,"name"?: string,"parent_experiment_id"?: string | null,"planned_units"?: number | null,"revision"?: number,"salt"?: string,"segments"?: (string)[],"sequence_units"?: number | null,"started_at"?: string | null,"state"?: string,"switchers"?: string,"traffic"?: number,"unit"?: string,"updated_at"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "experiments_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_layer_id_fkey"
      columns: ["workspace_id","layer_id"]
isOneToOne: false
      referencedRelation: "layers"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_parent_fkey"
      columns: ["workspace_id","parent_experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiments_parent_fkey"
      columns: ["workspace_id","parent_experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiments_parent_fkey"
      columns: ["workspace_id","parent_experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiments_parent_fkey"
      columns: ["workspace_id","parent_experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiments_parent_fkey"
      columns: ["workspace_id","parent_experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_parent_fkey"
      columns: ["workspace_id","parent_experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiments_parent_fkey"
      columns: ["workspace_id","parent_experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "experiments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"exposures": {
                  Row: {
                    "attributes": NonNullable<Json>,"conversation": string | null,"experiment_id": string,"exposed_at": string,"id": string,"intent_id": string | null,"phase_id": string,"received_at": string,"source": string,"source_event_id": string,"subject": string,"tx": number,"unit_id": string,"variant_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "attributes"?: NonNullable<Json>,"conversation"?: string | null,"experiment_id": string,"exposed_at": string,"id"?: string,"intent_id"?: string | null,"phase_id": string,"received_at"?: string,"source": string,"source_event_id": string,"subject": string,"tx"?: number,"unit_id": string,"variant_id": string,"workspace_id": string
                  }
                  Update: {
                    "attributes"?: NonNullable<Json>,"conversation"?: string | null,"experiment_id"?: string,"exposed_at"?: string,"id"?: string,"intent_id"?: string | null,"phase_id"?: string,"received_at"?: string,"source"?: string,"source_event_id"?: string,"subject"?: string,"tx"?: number,"unit_id"?: string,"variant_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "exposures_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"factor_levels": {
                  Row: {
                    "factor_id": string,"id": string,"key": string,"name": string,"position": number,"value": Json | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "factor_id": string,"id"?: string,"key": string,"name": string,"position": number,"value"?: Json | null,"workspace_id": string
                  }
                  Update: {
                    "factor_id"?: string,"id"?: string,"key"?: string,"name"?: string,"position"?: number,"value"?: Json | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "factor_levels_factor_id_fkey"
      columns: ["workspace_id","factor_id"]
isOneToOne: false
      referencedRelation: "factors"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "factor_levels_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"factors": {
                  Row: {
                    "action_id": string | null,"experiment_id": string,"id": string,"key": string,"kind": string,"name": string,"param": string | null,"position": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "action_id"?: string | null,"experiment_id": string,"id"?: string,"key": string,"kind": string,"name": string,"param"?: string | null,"position": number,"workspace_id": string
                  }
                  Update: {
                    "action_id"?: string | null,"experiment_id"?: string,"id"?: string,"key"?: string,"kind"?: string,"name"?: string,"param"?: string | null,"position"?: number,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "factors_action_id_fkey"
      columns: ["workspace_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "factors_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "factors_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "factors_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "factors_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "factors_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "factors_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "factors_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "factors_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"holdouts": {
                  Row: {
                    "created_at": string,"created_by": string | null,"environment_id": string,"id": string,"number": number,"reason": string,"salt": string,"share": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"environment_id": string,"id"?: string,"number": number,"reason"?: string,"salt": string,"share": number,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"environment_id"?: string,"id"?: string,"number"?: number,"reason"?: string,"salt"?: string,"share"?: number,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "holdouts_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "holdouts_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"inferences": {
                  Row: {
                    "action_id": string | null,"capability_id": string,"conversation": string | null,"cost_usd": number | null,"environment_id": string,"error_code": string | null,"experiment_id": string | null,"finish_reason": string | null,"id": string,"input_tokens": number | null,"intent_id": string | null,"latency_ms": number,"output": string | null,"output_tokens": number | null,"prompt_version_id": string,"provider": string,"received_at": string,"requested_model": string,"resolved_model": string | null,"started_at": string,"status": string,"subject": string,"tx": number,"variant_id": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "action_id"?: string | null,"capability_id": string,"conversation"?: string | null,"cost_usd"?: number | null,"environment_id": string,"error_code"?: string | null,"experiment_id"?: string | null,"finish_reason"?: string | null,"id": string,"input_tokens"?: number | null,"intent_id"?: string | null,"latency_ms": number,"output"?: string | null,"output_tokens"?: number | null,"prompt_version_id": string,"provider": string,"received_at"?: string,"requested_model": string,"resolved_model"?: string | null,"started_at": string,"status": string,"subject": string,"tx"?: number,"variant_id"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "action_id"?: string | null,"capability_id"?: string,"conversation"?: string | null,"cost_usd"?: number | null,"environment_id"?: string,"error_code"?: string | null,"experiment_id"?: string | null,"finish_reason"?: string | null,"id"?: string,"input_tokens"?: number | null,"intent_id"?: string | null,"latency_ms"?: number,"output"?: string | null,"output_tokens"?: number | null,"prompt_version_id"?: string,"provider"?: string,"received_at"?: string,"requested_model"?: string,"resolved_model"?: string | null,"started_at"?: string,"status"?: string,"subject"?: string,"tx"?: number,"variant_id"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"ingest_batches": {
                  Row: {
                    "accepted": number,"counts": NonNullable<Json>,"duplicates": number,"environment_id": string | null,"errors": number,"id": string,"received_at": string,"rows": number,"verb": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "accepted": number,"counts": NonNullable<Json>,"duplicates": number,"environment_id"?: string | null,"errors": number,"id"?: string,"received_at"?: string,"rows": number,"verb": string,"workspace_id": string
                  }
                  Update: {
                    "accepted"?: number,"counts"?: NonNullable<Json>,"duplicates"?: number,"environment_id"?: string | null,"errors"?: number,"id"?: string,"received_at"?: string,"rows"?: number,"verb"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "ingest_batches_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"intent_examples": {
                  Row: {
                    "created_at": string,"embedder": string | null,"embedding": string | null,"id": string,"intent_id": string,"text": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"embedder"?: string | null,"embedding"?: string | null,"id"?: string,"intent_id": string,"text": string,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"embedder"?: string | null,"embedding"?: string | null,"id"?: string,"intent_id"?: string,"text"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "intent_examples_intent_id_fkey"
      columns: ["workspace_id","intent_id"]
isOneToOne: false
      referencedRelation: "intents"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "intent_examples_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"intents": {
                  Row: {
                    "archived_at": string | null,"created_at": string,"description": string,"id": string,"key": string,"name": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"created_at"?: string,"description"?: string,"id"?: string,"key": string,"name": string,"workspace_id": string
                  }
                  Update: {
                    "archived_at"?: string | null,"created_at"?: string,"description"?: string,"id"?: string,"key"?: string,"name"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "intents_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"invitations": {
                  Row: {
                    "created_at": string,"created_by": string,"email": string,"expires_at": string,"id": string,"role": string,"settled_at": string | null,"settled_by": string | null,"state": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by": string,"email": string,"expires_at": string,"id"?: string,"role": string,"settled_at"?: string | null,"settled_by"?: string | null,"state"?: string,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string,"email"?: string,"expires_at"?: string,"id"?: string,"role"?: string,"settled_at"?: string | null,"settled_by"?: string | null,"state"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "invitations_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"job_failures": {
                  Row: {
                    "attempt": number,"error_code": string,"error_message": string,"failed_at": string,"id": string,"is_dead": boolean,"job_id": number,"kind": string | null,"payload": NonNullable<Json>,"workspace_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "attempt": number,"error_code": string,"error_message": string,"failed_at"?: string,"id"?: string,"is_dead": boolean,"job_id": number,"kind"?: string | null,"payload": NonNullable<Json>,"workspace_id"?: string | null
                  }
                  Update: {
                    "attempt"?: number,"error_code"?: string,"error_message"?: string,"failed_at"?: string,"id"?: string,"is_dead"?: boolean,"job_id"?: number,"kind"?: string | null,"payload"?: NonNullable<Json>,"workspace_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "job_failures_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"layers": {
                  Row: {
                    "created_at": string,"created_by": string | null,"description": string,"id": string,"key": string,"name": string,"salt": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"description"?: string,"id"?: string,"key": string,"name": string,"salt"?: string,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"description"?: string,"id"?: string,"key"?: string,"name"?: string,"salt"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "layers_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"members": {
                  Row: {
                    "created_at": string,"role": string,"user_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"role": string,"user_id": string,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"role"?: string,"user_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "members_role_fkey"
      columns: ["workspace_id","role"]
isOneToOne: false
      referencedRelation: "roles"
      referencedColumns: ["workspace_id","key"]
    },{
      foreignKeyName: "members_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"metric_imports": {
                  Row: {
                    "actor_id": string | null,"actor_kind": string,"checked_at": string | null,"columns": (string)[],"created_at": string,"environment_id": string,"file_name": string | null,"id": string,"imported_at": string | null,"mapping": Json | null,"name": string,"report": Json | null,"rows_bad": number | null,"rows_good": number | null,"rows_landed": number,"rows_staged": number,"rows_undone": number,"sha256": string | null,"source": string,"state": string,"undone_at": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_id"?: string | null,"actor_kind": string,"checked_at"?: string | null,"columns": (string)[],"created_at"?: string,"environment_id": string,"file_name"?: string | null,"id"?: string,"imported_at"?: string | null,"mapping"?: Json | null,"name": string,"report"?: Json | null,"rows_bad"?: number | null,"rows_good"?: number | null,"rows_landed"?: number,"rows_staged"?: number,"rows_undone"?: number,"sha256"?: string | null,"source"?: never,"state"?: string,"undone_at"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "actor_id"?: string | null,"actor_kind"?: string,"checked_at"?: string | null,"columns"?: (string)[],"created_at"?: string,"environment_id"?: string,"file_name"?: string | null,"id"?: string,"imported_at"?: string | null,"mapping"?: Json | null,"name"?: string,"report"?: Json | null,"rows_bad"?: number | null,"rows_good"?: number | null,"rows_landed"?: number,"rows_staged"?: number,"rows_undone"?: number,"sha256"?: string | null,"source"?: never,"state"?: string,"undone_at"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "metric_imports_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "metric_imports_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"notification_mutes": {
                  Row: {
                    "created_at": string,"object_id": string,"object_kind": string,"user_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"object_id": string,"object_kind": string,"user_id": string,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"object_id"?: string,"object_kind"?: string,"user_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "notification_mutes_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"notification_preferences": {
                  Row: {
                    "delivery": string,"kind": string,"user_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "delivery"?: string,"kind": string,"user_id"?: string,"workspace_id": string
                  }
                  Update: {
                    "delivery"?: string,"kind"?: string,"user_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "notification_preferences_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"notifications": {
                  Row: {
                    "actor_id": string | null,"actor_kind": string,"created_at": string,"detail": NonNullable<Json>,"id": string,"kind": string,"object_id": string | null,"object_kind": string,"read_at": string | null,"summary": string,"user_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_id"?: string | null,"actor_kind": string,"created_at"?: string,"detail"?: NonNullable<Json>,"id"?: string,"kind": string,"object_id"?: string | null,"object_kind": string,"read_at"?: string | null,"summary": string,"user_id": string,"workspace_id": string
                  }
                  Update: {
                    "actor_id"?: string | null,"actor_kind"?: string,"created_at"?: string,"detail"?: NonNullable<Json>,"id"?: string,"kind"?: string,"object_id"?: string | null,"object_kind"?: string,"read_at"?: string | null,"summary"?: string,"user_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "notifications_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"outcome_keys": {
                  Row: {
                    "conversation": string,"key_type": string,"key_value": string,"seen_at": string,"subject": string,"tx": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "conversation"?: string,"key_type": string,"key_value": string,"seen_at": string,"subject": string,"tx"?: number,"workspace_id": string
                  }
                  Update: {
                    "conversation"?: string,"key_type"?: string,"key_value"?: string,"seen_at"?: string,"subject"?: string,"tx"?: number,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "outcome_keys_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"outcome_metrics": {
                  Row: {
                    "archived_at": string | null,"attribution_window": string,"created_at": string,"denominator_metric_id": string | null,"description": string,"direction": string,"id": string,"join_key": string,"key": string,"kind": string,"name": string,"numerator_metric_id": string | null,"per_subject": string | null,"quantile": number | null,"source": string,"unit": string,"when_absent": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"attribution_window"?: string,"created_at"?: string,"denominator_metric_id"?: string | null,"description"?: string,"direction"?: string,"id"?: string,"join_key"?: string,"key": string,"kind": string,"name": string,"numerator_metric_id"?: string | null,"per_subject"?: string | null,"quantile"?: number | null,"source"?: string,"unit"?: string,"when_absent"?: string,"workspace_id": string
                  }
                  Update: {
                    "archived_at"?: string | null,"attribution_window"?: string,"created_at"?: string,"denominator_metric_id"?: string | null,"description"?: string,"direction"?: string,"id"?: string,"join_key"?: string,"key"?: string,"kind"?: string,"name"?: string,"numerator_metric_id"?: string | null,"per_subject"?: string | null,"quantile"?: number | null,"source"?: string,"unit"?: string,"when_absent"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "outcome_metrics_denominator_fkey"
      columns: ["workspace_id","denominator_metric_id"]
isOneToOne: false
      referencedRelation: "outcome_metrics"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "outcome_metrics_numerator_fkey"
      columns: ["workspace_id","numerator_metric_id"]
isOneToOne: false
      referencedRelation: "outcome_metrics"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "outcome_metrics_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"outcomes": {
                  Row: {
                    "conversation": string | null,"environment_id": string,"id": string,"inference_id": string | null,"key_type": string | null,"key_value": string | null,"metric_id": string,"occurred_at": string,"received_at": string,"source": string,"source_event_id": string,"subject": string | null,"tx": number,"value": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "conversation"?: string | null,"environment_id": string,"id"?: string,"inference_id"?: string | null,"key_type"?: string | null,"key_value"?: string | null,"metric_id": string,"occurred_at": string,"received_at"?: string,"source": string,"source_event_id": string,"subject"?: string | null,"tx"?: number,"value": number,"workspace_id": string
                  }
                  Update: {
                    "conversation"?: string | null,"environment_id"?: string,"id"?: string,"inference_id"?: string | null,"key_type"?: string | null,"key_value"?: string | null,"metric_id"?: string,"occurred_at"?: string,"received_at"?: string,"source"?: string,"source_event_id"?: string,"subject"?: string | null,"tx"?: number,"value"?: number,"workspace_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"permissions": {
                  Row: {
                    "description": string,"is_personal": boolean,"key": string
                  }
                  ComputedFields: never
                  Insert: {
                    "description": string,"is_personal"?: boolean,"key": string
                  }
                  Update: {
                    "description"?: string,"is_personal"?: boolean,"key"?: string
                  }
                  Relationships: [
                    
                  ]
                },"prompt_template_versions": {
                  Row: {
                    "content_hash": string,"created_at": string,"created_by": string | null,"id": string,"message": string,"messages": NonNullable<Json>,"model": string | null,"number": number,"params": NonNullable<Json>,"provider": string | null,"response_format": Json | null,"template_id": string,"tools": NonNullable<Json>,"variables": NonNullable<Json>,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "content_hash"?: never,"created_at"?: string,"created_by"?: string | null,"id"?: string,"message"?: string,"messages": NonNullable<Json>,"model"?: string | null,"number": number,"params"?: NonNullable<Json>,"provider"?: string | null,"response_format"?: Json | null,"template_id": string,"tools"?: NonNullable<Json>,"variables": NonNullable<Json>,"workspace_id": string
                  }
                  Update: {
                    "content_hash"?: never,"created_at"?: string,"created_by"?: string | null,"id"?: string,"message"?: string,"messages"?: NonNullable<Json>,"model"?: string | null,"number"?: number,"params"?: NonNullable<Json>,"provider"?: string | null,"response_format"?: Json | null,"template_id"?: string,"tools"?: NonNullable<Json>,"variables"?: NonNullable<Json>,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "prompt_template_versions_template_id_fkey"
      columns: ["workspace_id","template_id"]
isOneToOne: false
      referencedRelation: "prompt_templates"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "prompt_template_versions_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"prompt_templates": {
                  Row: {
                    "created_at": string,"created_by": string | null,"description": string,"head_version_id": string | null,"id": string,"key": string,"name": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"description"?: string,"head_version_id"?: string | null,"id"?: string,"key": string,"name": string,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"description"?: string,"head_version_id"?: string | null,"id"?: string,"key"?: string,"name"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "prompt_templates_head_version_id_fkey"
      columns: ["workspace_id","id","head_version_id"]
isOneToOne: false
      referencedRelation: "prompt_template_versions"
      referencedColumns: ["workspace_id","template_id","id"]
    },{
      foreignKeyName: "prompt_templates_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"prompt_versions": {
                  Row: {
                    "branch_id": string,"content_hash": string,"created_at": string,"created_by": string | null,"forked_from_version_id": string | null,"id": string,"merged_version_id": string | null,"message": string,"messages": NonNullable<Json>,"model": string,"number": number,"params": NonNullable<Json>,"parent_version_id": string | null,"prompt_id": string,"provider": string,"response_format": Json | null,"template_version_id": string | null,"tools": NonNullable<Json>,"variables": NonNullable<Json>,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "branch_id": string,"content_hash"?: never,"created_at"?: string,"created_by"?: string | null,"forked_from_version_id"?: string | null,"id"?: string,"merged_version_id"?: string | null,"message"?: string,"messages": NonNullable<Json>,"model": string,"number": number,"params"?: NonNullable<Json>,"parent_version_id"?: string | null,"prompt_id": string,"provider": string,"response_format"?: Json | null,"template_version_id"?: string | null,"tools"?: NonNullable<Json>,"variables": NonNullable<Json>,"workspace_id": string
                  }
                  Update: {
                    "branch_id"?: string,"content_hash"?: never,"created_at"?: string,"created_by"?: string | null,"forked_from_version_id"?: string | null,"id"?: string,"merged_version_id"?: string | null,"message"?: string,"messages"?: NonNullable<Json>,"model"?: string,"number"?: number,"params"?: NonNullable<Json>,"parent_version_id"?: string | null,"prompt_id"?: string,"provider"?: string,"response_format"?: Json | null,"template_version_id"?: string | null,"tools"?: NonNullable<Json>,"variables"?: NonNullable<Json>,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "prompt_versions_branch_id_fkey"
      columns: ["workspace_id","prompt_id","branch_id"]
isOneToOne: false
      referencedRelation: "branches"
      referencedColumns: ["workspace_id","prompt_id","id"]
    },{
      foreignKeyName: "prompt_versions_forked_from_fkey"
      columns: ["workspace_id","forked_from_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "prompt_versions_forked_from_fkey"
      columns: ["workspace_id","forked_from_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "prompt_versions_merged_fkey"
      columns: ["workspace_id","prompt_id","merged_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","prompt_id","id"]
    },{
      foreignKeyName: "prompt_versions_merged_fkey"
      columns: ["workspace_id","prompt_id","merged_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","prompt_id","version_id"]
    },{
      foreignKeyName: "prompt_versions_parent_fkey"
      columns: ["workspace_id","prompt_id","parent_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","prompt_id","id"]
    },{
      foreignKeyName: "prompt_versions_parent_fkey"
      columns: ["workspace_id","prompt_id","parent_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","prompt_id","version_id"]
    },{
      foreignKeyName: "prompt_versions_prompt_id_fkey"
      columns: ["workspace_id","prompt_id"]
isOneToOne: false
      referencedRelation: "prompts"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "prompt_versions_template_version_id_fkey"
      columns: ["workspace_id","template_version_id"]
isOneToOne: false
      referencedRelation: "prompt_template_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "prompt_versions_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"prompts": {
                  Row: {
                    "action_id": string | null,"archived_at": string | null,"capability_id": string,"created_at": string,"id": string,"key": string,"name": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "action_id"?: string | null,"archived_at"?: string | null,"capability_id": string,"created_at"?: string,"id"?: string,"key": string,"name": string,"workspace_id": string
                  }
                  Update: {
                    "action_id"?: string | null,"archived_at"?: string | null,"capability_id"?: string,"created_at"?: string,"id"?: string,"key"?: string,"name"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "prompts_action_id_fkey"
      columns: ["workspace_id","capability_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","capability_id","id"]
    },{
      foreignKeyName: "prompts_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "prompts_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"provider_keys": {
                  Row: {
                    "created_at": string,"created_by": string | null,"hint": string,"id": string,"last_tested_at": string | null,"name": string,"provider": string,"rotated_at": string,"test_error_code": string | null,"test_requested_at": string | null,"test_status": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"hint": string,"id"?: string,"last_tested_at"?: string | null,"name": string,"provider": string,"rotated_at"?: string,"test_error_code"?: string | null,"test_requested_at"?: string | null,"test_status"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"hint"?: string,"id"?: string,"last_tested_at"?: string | null,"name"?: string,"provider"?: string,"rotated_at"?: string,"test_error_code"?: string | null,"test_requested_at"?: string | null,"test_status"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "provider_keys_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"ramp_steps": {
                  Row: {
                    "hold": string,"number": number,"ramp_id": string,"share": number,"started_at": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "hold": string,"number": number,"ramp_id": string,"share": number,"started_at"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "hold"?: string,"number"?: number,"ramp_id"?: string,"share"?: number,"started_at"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "ramp_steps_ramp_id_fkey"
      columns: ["workspace_id","ramp_id"]
isOneToOne: false
      referencedRelation: "ramp_guardrails"
      referencedColumns: ["workspace_id","ramp_id"]
    },{
      foreignKeyName: "ramp_steps_ramp_id_fkey"
      columns: ["workspace_id","ramp_id"]
isOneToOne: false
      referencedRelation: "ramps"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "ramp_steps_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"ramps": {
                  Row: {
                    "action_id": string | null,"capability_id": string,"created_at": string,"created_by": string | null,"deployment_id": string | null,"end_code": string | null,"ended_at": string | null,"environment_id": string,"experiment_id": string,"from_version_id": string,"id": string,"intent_id": string | null,"min_subjects": number,"reason": string,"replaces_version_id": string | null,"revision": number,"state": string,"step": number,"trouble": Json | null,"version_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "action_id"?: string | null,"capability_id": string,"created_at"?: string,"created_by"?: string | null,"deployment_id"?: string | null,"end_code"?: string | null,"ended_at"?: string | null,"environment_id": string,"experiment_id": string,"from_version_id": string,"id"?: string,"intent_id"?: string | null,"min_subjects": number,"reason"?: string,"replaces_version_id"?: string | null,"revision"?: number,"state"?: string,"step"?: number,"trouble"?: Json | null,"version_id": string,"workspace_id": string
                  }
                  Update: {
                    "action_id"?: string | null,"capability_id"?: string,"created_at"?: string,"created_by"?: string | null,"deployment_id"?: string | null,"end_code"?: string | null,"ended_at"?: string | null,"environment_id"?: string,"experiment_id"?: string,"from_version_id"?: string,"id"?: string,"intent_id"?: string | null,"min_subjects"?: number,"reason"?: string,"replaces_version_id"?: string | null,"revision"?: number,"state"?: string,"step"?: number,"trouble"?: Json | null,"version_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "ramps_action_id_fkey"
      columns: ["workspace_id","capability_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","capability_id","id"]
    },{
      foreignKeyName: "ramps_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "ramps_deployment_id_fkey"
      columns: ["workspace_id","deployment_id"]
isOneToOne: false
      referencedRelation: "deployments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "ramps_deployment_id_fkey"
      columns: ["workspace_id","deployment_id"]
isOneToOne: false
      referencedRelation: "live_deployments"
      referencedColumns: ["workspace_id","deployment_id"]
    },{
      foreignKeyName: "ramps_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_from_version_id_fkey"
      columns: ["workspace_id","from_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "ramps_from_version_id_fkey"
      columns: ["workspace_id","from_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "ramps_intent_id_fkey"
      columns: ["workspace_id","intent_id"]
isOneToOne: false
      referencedRelation: "intents"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "ramps_replaces_version_id_fkey"
      columns: ["workspace_id","replaces_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "ramps_replaces_version_id_fkey"
      columns: ["workspace_id","replaces_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "ramps_version_id_fkey"
      columns: ["workspace_id","version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "ramps_version_id_fkey"
      columns: ["workspace_id","version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "ramps_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"role_permissions": {
                  Row: {
                    "permission": string,"role": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "permission": string,"role": string,"workspace_id": string
                  }
                  Update: {
                    "permission"?: string,"role"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "role_permissions_permission_fkey"
      columns: ["permission"]
isOneToOne: false
      referencedRelation: "permissions"
      referencedColumns: ["key"]
    },{
      foreignKeyName: "role_permissions_role_fkey"
      columns: ["workspace_id","role"]
isOneToOne: false
      referencedRelation: "roles"
      referencedColumns: ["workspace_id","key"]
    }
                  ]
                },"roles": {
                  Row: {
                    "key": string,"name": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "key": string,"name": string,"workspace_id": string
                  }
                  Update: {
                    "key"?: string,"name"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "roles_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"run_results": {
                  Row: {
                    "attempts": number,"cost_usd": number | null,"created_at": string,"error_code": string | null,"error_message": string | null,"finish_reason": string | null,"id": string,"input_tokens": number | null,"latency_ms": number | null,"output": string | null,"output_tokens": number | null,"repeat": number,"run_id": string,"status": string,"test_case_id": string,"version_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "attempts"?: number,"cost_usd"?: number | null,"created_at"?: string,"error_code"?: string | null,"error_message"?: string | null,"finish_reason"?: string | null,"id"?: string,"input_tokens"?: number | null,"latency_ms"?: number | null,"output"?: string | null,"output_tokens"?: number | null,"repeat"?: number,"run_id": string,"status": string,"test_case_id": string,"version_id": string,"workspace_id": string
                  }
                  Update: {
                    "attempts"?: number,"cost_usd"?: number | null,"created_at"?: string,"error_code"?: string | null,"error_message"?: string | null,"finish_reason"?: string | null,"id"?: string,"input_tokens"?: number | null,"latency_ms"?: number | null,"output"?: string | null,"output_tokens"?: number | null,"repeat"?: number,"run_id"?: string,"status"?: string,"test_case_id"?: string,"version_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "run_results_run_id_fkey"
      columns: ["workspace_id","run_id"]
isOneToOne: false
      referencedRelation: "runs"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "run_results_test_case_id_fkey"
      columns: ["workspace_id","test_case_id"]
isOneToOne: false
      referencedRelation: "test_cases"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "run_results_version_id_fkey"
      columns: ["workspace_id","version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "run_results_version_id_fkey"
      columns: ["workspace_id","version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "run_results_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"runs": {
                  Row: {
                    "created_at": string,"created_by": string | null,"done": number,"failed": number,"finished_at": string | null,"id": string,"name": string,"state": string,"total": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"done"?: number,"failed"?: number,"finished_at"?: string | null,"id"?: string,"name": string,"state"?: string,"total": number,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"done"?: number,"failed"?: number,"finished_at"?: string | null,"id"?: string,"name"?: string,"state"?: string,"total"?: number,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "runs_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"tag_moves": {
                  Row: {
                    "created_at": string,"created_by": string | null,"from_version_id": string | null,"id": string,"name": string,"prompt_id": string,"reason": string,"to_version_id": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"from_version_id"?: string | null,"id"?: string,"name": string,"prompt_id": string,"reason"?: string,"to_version_id"?: string | null,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"from_version_id"?: string | null,"id"?: string,"name"?: string,"prompt_id"?: string,"reason"?: string,"to_version_id"?: string | null,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "tag_moves_from_version_id_fkey"
      columns: ["workspace_id","prompt_id","from_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","prompt_id","id"]
    },{
      foreignKeyName: "tag_moves_from_version_id_fkey"
      columns: ["workspace_id","prompt_id","from_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","prompt_id","version_id"]
    },{
      foreignKeyName: "tag_moves_to_version_id_fkey"
      columns: ["workspace_id","prompt_id","to_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","prompt_id","id"]
    },{
      foreignKeyName: "tag_moves_to_version_id_fkey"
      columns: ["workspace_id","prompt_id","to_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","prompt_id","version_id"]
    },{
      foreignKeyName: "tag_moves_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"tags": {
                  Row: {
                    "created_at": string,"created_by": string | null,"id": string,"moved_at": string,"name": string,"prompt_id": string,"version_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"id"?: string,"moved_at"?: string,"name": string,"prompt_id": string,"version_id": string,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"id"?: string,"moved_at"?: string,"name"?: string,"prompt_id"?: string,"version_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "tags_prompt_id_fkey"
      columns: ["workspace_id","prompt_id"]
isOneToOne: false
      referencedRelation: "prompts"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "tags_version_id_fkey"
      columns: ["workspace_id","prompt_id","version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","prompt_id","id"]
    },{
      foreignKeyName: "tags_version_id_fkey"
      columns: ["workspace_id","prompt_id","version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","prompt_id","version_id"]
    },{
      foreignKeyName: "tags_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"test_cases": {
                  Row: {
                    "archived_at": string | null,"created_at": string,"expected": Json | null,"id": string,"name": string,"prompt_id": string,"variables": NonNullable<Json>,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"created_at"?: string,"expected"?: Json | null,"id"?: string,"name": string,"prompt_id": string,"variables"?: NonNullable<Json>,"workspace_id": string
                  }
                  Update: {
                    "archived_at"?: string | null,"created_at"?: string,"expected"?: Json | null,"id"?: string,"name"?: string,"prompt_id"?: string,"variables"?: NonNullable<Json>,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "test_cases_prompt_id_fkey"
      columns: ["workspace_id","prompt_id"]
isOneToOne: false
      referencedRelation: "prompts"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "test_cases_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"variant_levels": {
                  Row: {
                    "experiment_id": string,"factor_id": string,"level_id": string,"variant_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "experiment_id": string,"factor_id": string,"level_id": string,"variant_id": string,"workspace_id": string
                  }
                  Update: {
                    "experiment_id"?: string,"factor_id"?: string,"level_id"?: string,"variant_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "variant_levels_factor_id_fkey"
      columns: ["workspace_id","experiment_id","factor_id"]
isOneToOne: false
      referencedRelation: "factors"
      referencedColumns: ["workspace_id","experiment_id","id"]
    },{
      foreignKeyName: "variant_levels_level_id_fkey"
      columns: ["workspace_id","factor_id","level_id"]
isOneToOne: false
      referencedRelation: "factor_levels"
      referencedColumns: ["workspace_id","factor_id","id"]
    },{
      foreignKeyName: "variant_levels_variant_id_fkey"
      columns: ["workspace_id","experiment_id","variant_id"]
isOneToOne: false
      referencedRelation: "experiment_arms"
      referencedColumns: ["workspace_id","experiment_id","variant_id"]
    },{
      foreignKeyName: "variant_levels_variant_id_fkey"
      columns: ["workspace_id","experiment_id","variant_id"]
isOneToOne: false
      referencedRelation: "variants"
      referencedColumns: ["workspace_id","experiment_id","id"]
    },{
      foreignKeyName: "variant_levels_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"variant_rollbacks": {
                  Row: {
                    "experiment_id": string,"id": string,"phase_number": number,"rolled_back_at": string,"variant_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "experiment_id": string,"id"?: string,"phase_number": number,"rolled_back_at": string,"variant_id": string,"workspace_id": string
                  }
                  Update: {
                    "experiment_id"?: string,"id"?: string,"phase_number"?: number,"rolled_back_at"?: string,"variant_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "variant_rollbacks_variant_id_fkey"
      columns: ["workspace_id","experiment_id","variant_id"]
isOneToOne: false
      referencedRelation: "experiment_arms"
      referencedColumns: ["workspace_id","experiment_id","variant_id"]
    },{
      foreignKeyName: "variant_rollbacks_variant_id_fkey"
      columns: ["workspace_id","experiment_id","variant_id"]
isOneToOne: false
      referencedRelation: "variants"
      referencedColumns: ["workspace_id","experiment_id","id"]
    },{
      foreignKeyName: "variant_rollbacks_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"variant_versions": {
                  Row: {
                    "action_id": string | null,"id": string,"prompt_version_id": string,"variant_id": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "action_id"?: string | null,"id"?: string,"prompt_version_id": string,"variant_id": string,"workspace_id": string
                  }
                  Update: {
                    "action_id"?: string | null,"id"?: string,"prompt_version_id"?: string,"variant_id"?: string,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "variant_versions_action_id_fkey"
      columns: ["workspace_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "variant_versions_prompt_version_id_fkey"
      columns: ["workspace_id","prompt_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "variant_versions_prompt_version_id_fkey"
      columns: ["workspace_id","prompt_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "variant_versions_variant_id_fkey"
      columns: ["workspace_id","variant_id"]
isOneToOne: false
      referencedRelation: "experiment_arms"
      referencedColumns: ["workspace_id","variant_id"]
    },{
      foreignKeyName: "variant_versions_variant_id_fkey"
      columns: ["workspace_id","variant_id"]
isOneToOne: false
      referencedRelation: "variants"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "variant_versions_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"variants": {
                  Row: {
                    "created_at": string,"experiment_id": string,"id": string,"is_control": boolean,"key": string,"name": string,"rolled_back_at": string | null,"weight": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"experiment_id": string,"id"?: string,"is_control"?: boolean,"key": string,"name": string,"rolled_back_at"?: string | null,"weight"?: number,"workspace_id": string
                  }
                  Update: {
                    "created_at"?: string,"experiment_id"?: string,"id"?: string,"is_control"?: boolean,"key"?: string,"name"?: string,"rolled_back_at"?: string | null,"weight"?: number,"workspace_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"workspaces": {
                  Row: {
                    "created_at": string,"created_by": string | null,"id": string,"name": string,"slug": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"id"?: string,"name": string,"slug": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"id"?: string,"name"?: string,"slug"?: string
                  }
                  Relationships: [
                    
                  ]
                }
          }
          Views: {
            "action_effects": {
                  Row: {
                    "action_id": string | null,"action_key": string | null,"action_name": string | null,"as_of": string | null,"capability_id": string,"capability_key": string,"completed_control": number | null,"completed_variant": number | null,"contribution": number | null,"contribution_going_on": number | null,"contribution_stopping": number | null,"difference": number | null,"environment_id": string,"environment_key": string,"experiment_id": string,"experiment_key": string,"intent_keys": (string)[] | null,"mean_stopped_control": number | null,"mean_stopped_variant": number | null,"method": string | null,"method_version": string | null,"metric_direction": string,"metric_id": string,"metric_key": string,"metric_kind": string,"metric_name": string,"metric_role": string,"metric_unit": string,"models": (string)[] | null,"position": number | null,"reached_control": number | null,"reached_variant": number | null,"reason_code": string | null,"variant_id": string,"variant_key": string,"variant_name": string,"went_on_control": number | null,"went_on_variant": number | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "experiments_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"change_effects": {
                  Row: {
                    "action_id": string | null,"action_key": string | null,"as_of": string | null,"assumption": string | null,"capability_id": string | null,"capability_key": string | null,"change_id": string,"ci_high": number | null,"ci_low": number | null,"compared_with": string | null,"days_after": number | null,"days_before": number | null,"degrees_of_freedom": number | null,"deployment_id": string | null,"difference": number | null,"environment_id": string | null,"environment_key": string | null,"experiment_id": string | null,"factor_id": string | null,"field": string | null,"fields_changed": (string)[] | null,"fields_experiment_id": string | null,"fields_separable": boolean | null,"grade": string | null,"intent_id": string | null,"intent_key": string | null,"joint_with": (string)[] | null,"kind": string,"mean_after": number | null,"mean_before": number | null,"method": string | null,"metric_direction": string | null,"metric_id": string | null,"metric_key": string | null,"metric_name": string | null,"metric_unit": string | null,"model": string | null,"n_after": number | null,"n_before": number | null,"occurred_at": string,"p_value": number | null,"pre_trend_p_value": number | null,"reason_code": string | null,"std_error": number | null,"summary": string,"variant_id": string | null,"verdict": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "changes_action_id_fkey"
      columns: ["workspace_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_deployment_id_fkey"
      columns: ["workspace_id","deployment_id"]
isOneToOne: false
      referencedRelation: "deployments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_deployment_id_fkey"
      columns: ["workspace_id","deployment_id"]
isOneToOne: false
      referencedRelation: "live_deployments"
      referencedColumns: ["workspace_id","deployment_id"]
    },{
      foreignKeyName: "changes_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_intent_id_fkey"
      columns: ["workspace_id","intent_id"]
isOneToOne: false
      referencedRelation: "intents"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"conversation_timeline": {
                  Row: {
                    "action_id": string | null,"at": string | null,"capability_id": string | null,"conversation": string | null,"environment_id": string | null,"experiment_id": string | null,"inference_id": string | null,"intent_id": string | null,"kind": string | null,"metric_id": string | null,"model": string | null,"outcome_id": string | null,"prompt_version_id": string | null,"status": string | null,"subject": string | null,"value": number | null,"variant_id": string | null,"workspace_id": string | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"experiment_arms": {
                  Row: {
                    "expected_share": number | null,"experiment_id": string,"is_control": boolean,"rolled_back_at": string | null,"share": number | null,"subjects": number | null,"variant_id": string,"variant_key": string,"variant_name": string,"weight": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "variants_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_effects": {
                  Row: {
                    "action_keys": (string)[] | null,"adjusted_p_value": number | null,"as_of": string | null,"capability_id": string,"capability_key": string,"chance_to_win": number | null,"ci_high": number | null,"ci_low": number | null,"confidence_level": number | null,"control_variant_id": string | null,"correction": string | null,"degrees_of_freedom": number | null,"difference": number | null,"environment_id": string,"environment_key": string,"experiment_id": string,"experiment_key": string,"grade": string | null,"intent_keys": (string)[] | null,"lift": number | null,"lift_high": number | null,"lift_low": number | null,"log10_p": number | null,"mature_difference": number | null,"mature_high": number | null,"mature_low": number | null,"mature_n_control": number | null,"mature_n_variant": number | null,"mature_p_value": number | null,"mature_share": number | null,"mature_std_error": number | null,"mean_control": number | null,"mean_variant": number | null,"method": string | null,"method_version": string | null,"metric_direction": string | null,"metric_id": string | null,"metric_key": string | null,"metric_kind": string | null,"metric_name": string | null,"metric_role": string | null,"metric_unit": string | null,"models": (string)[] | null,"n_control": number | null,"n_variant": number | null,"p_value": number | null,"reason_code": string | null,"risk_keep": number | null,"risk_ship": number | null,"sequential_high": number | null,"sequential_low": number | null,"sequential_p_value": number | null,"settles_at": string | null,"std_error": number | null,"unadjusted_ci_high": number | null,"unadjusted_ci_low": number | null,"unadjusted_difference": number | null,"unadjusted_p_value": number | null,"unadjusted_std_error": number | null,"variance_reduction": number | null,"variant_id": string | null,"variant_key": string | null,"variant_name": string | null,"verdict": string | null,"waiting_for": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "experiments_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_exclusions": {
                  Row: {
                    "capability_id": string,"capability_key": string,"codes": Json | null,"environment_id": string,"environment_key": string,"experiment_id": string,"experiment_key": string,"is_part": boolean | null,"metric_id": string | null,"metric_key": string | null,"outcomes": number | null,"position": number | null,"reason": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "experiments_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"experiment_health": {
                  Row: {
                    "action_keys": (string)[] | null,"as_of": string | null,"bots": number | null,"capability_id": string,"capability_key": string,"decision": Json | null,"environment_id": string,"environment_key": string,"experiment_id": string,"first_assigned_at": string | null,"held_reason": string | null,"held_since": string | null,"intent_keys": (string)[] | null,"lag_seconds": number | null,"last_assigned_at": string | null,"mature_share": number | null,"models": (string)[] | null,"srm_anytime_p_value": number | null,"srm_anytime_status": string | null,"srm_chi2": number | null,"srm_df": number | null,"srm_p_value": number | null,"srm_status": string | null,"subjects": number | null,"switcher_share": number | null,"switcher_status": string | null,"switchers": number | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "experiments_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"factor_credits": {
                  Row: {
                    "action_id": string | null,"action_key": string | null,"as_of": string | null,"capability_id": string,"capability_key": string,"ci_high": number | null,"ci_low": number | null,"credit": number | null,"degrees_of_freedom": number | null,"difference": number | null,"environment_id": string,"environment_key": string,"experiment_id": string,"experiment_key": string,"factor_id": string,"factor_key": string,"factor_kind": string,"factor_name": string,"factor_param": string | null,"grade": string | null,"main_adjusted_p_value": number | null,"main_effect": number | null,"main_p_value": number | null,"main_std_error": number | null,"method": string | null,"method_version": string | null,"metric_direction": string | null,"metric_id": string | null,"metric_key": string | null,"metric_kind": string | null,"metric_name": string | null,"metric_role": string | null,"metric_unit": string | null,"p_value": number | null,"reason_code": string | null,"std_error": number | null,"variant_id": string | null,"variant_key": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "experiments_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"guardrail_status": {
                  Row: {
                    "action_keys": (string)[] | null,"as_of": string | null,"capability_id": string,"capability_key": string,"environment_id": string,"environment_key": string,"experiment_id": string,"harm": number | null,"harm_high": number | null,"harm_low": number | null,"intent_keys": (string)[] | null,"margin": number | null,"mature_harm_high": number | null,"mature_harm_low": number | null,"mean_control": number | null,"mean_variant": number | null,"method": string | null,"metric_direction": string | null,"metric_id": string | null,"metric_key": string | null,"metric_name": string | null,"metric_unit": string | null,"models": (string)[] | null,"n_control": number | null,"n_variant": number | null,"reason_code": string | null,"status": string | null,"variant_id": string | null,"variant_key": string | null,"variant_name": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "experiments_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "experiments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"live_deployments": {
                  Row: {
                    "action": string | null,"action_id": string | null,"capability": string,"capability_id": string,"created_by": string | null,"deployment_id": string,"environment": string,"environment_id": string,"intent": string | null,"intent_id": string | null,"kind": string,"live_since": string,"previous_version_id": string | null,"prompt": string,"prompt_version_id": string | null,"reason": string,"version_number": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "deployments_action_id_fkey"
      columns: ["workspace_id","capability_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","capability_id","id"]
    },{
      foreignKeyName: "deployments_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "deployments_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "deployments_intent_id_fkey"
      columns: ["workspace_id","intent_id"]
isOneToOne: false
      referencedRelation: "intents"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "deployments_previous_version_id_fkey"
      columns: ["workspace_id","previous_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "deployments_previous_version_id_fkey"
      columns: ["workspace_id","previous_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "deployments_prompt_version_id_fkey"
      columns: ["workspace_id","prompt_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "deployments_prompt_version_id_fkey"
      columns: ["workspace_id","prompt_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "deployments_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"member_directory": {
                  Row: {
                    "display_name": string | null,"email": string | null,"joined_at": string | null,"role": string | null,"user_id": string | null,"workspace_id": string | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"ramp_guardrails": {
                  Row: {
                    "as_of": string | null,"experiment_id": string,"harm": number | null,"harm_high": number | null,"harm_low": number | null,"margin": number | null,"mean_control": number | null,"mean_variant": number | null,"metric_direction": string | null,"metric_id": string | null,"metric_key": string | null,"metric_name": string | null,"metric_unit": string | null,"min_subjects": number,"n_control": number | null,"n_variant": number | null,"ramp_id": string,"reason_code": string | null,"status": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "ramps_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"restatements": {
                  Row: {
                    "entry_day": string,"experiment_id": string,"metric_id": string,"metric_key": string,"phase_id": string,"restated_at": string,"restated_on": string,"sum_after": number | null,"sum_before": number | null,"times": number,"units_after": number,"units_before": number,"variant_id": string,"variant_key": string,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"segment_effects": {
                  Row: {
                    "adjusted_p_value": number | null,"as_of": string | null,"capability_id": string,"chance_to_win": number | null,"ci_high": number | null,"ci_low": number | null,"confidence_level": number | null,"control_variant_id": string | null,"correction": string | null,"degrees_of_freedom": number | null,"difference": number | null,"dimension": string | null,"environment_id": string,"experiment_id": string,"experiment_key": string,"grade": string | null,"lift": number | null,"lift_high": number | null,"lift_low": number | null,"log10_p": number | null,"mature_difference": number | null,"mature_high": number | null,"mature_low": number | null,"mature_n_control": number | null,"mature_n_variant": number | null,"mature_p_value": number | null,"mature_std_error": number | null,"mean_control": number | null,"mean_variant": number | null,"method": string | null,"metric_direction": string | null,"metric_id": string | null,"metric_key": string | null,"metric_kind": string | null,"metric_name": string | null,"metric_role": string | null,"metric_unit": string | null,"n_control": number | null,"n_variant": number | null,"p_value": number | null,"reason_code": string | null,"risk_keep": number | null,"risk_ship": number | null,"segment": string | null,"segment_name": string | null,"sequential_high": number | null,"sequential_low": number | null,"sequential_p_value": number | null,"std_error": number | null,"unadjusted_ci_high": number | null,"unadjusted_ci_low": number | null,"unadjusted_difference": number | null,"unadjusted_p_value": number | null,"unadjusted_std_error": number | null,"variance_reduction": number | null,"variant_id": string | null,"variant_key": string | null,"variant_name": string | null,"verdict": string | null,"waiting_for": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"segment_summaries": {
                  Row: {
                    "dimension": string | null,"experiment_id": string,"heterogeneity_df": number | null,"heterogeneity_i2": number | null,"heterogeneity_p_value": number | null,"heterogeneity_q": number | null,"metric_id": string | null,"metric_key": string | null,"mix_p_value": number | null,"pooled_difference": number | null,"poststratified_ci_high": number | null,"poststratified_ci_low": number | null,"poststratified_difference": number | null,"poststratified_p_value": number | null,"poststratified_std_error": number | null,"reason_code": string | null,"segments": number | null,"segments_left_out": number | null,"simpson_warning": boolean | null,"variant_id": string | null,"variant_key": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"timeline": {
                  Row: {
                    "action_id": string | null,"actor_id": string | null,"actor_kind": string,"capability_id": string | null,"deployment_id": string | null,"detail": NonNullable<Json>,"environment_id": string | null,"experiment_id": string | null,"id": string,"intent_id": string | null,"kind": string,"occurred_at": string,"recorded_at": string,"summary": string,"supersedes_id": string | null,"variant_id": string | null,"workspace_id": string
                  }
                  ComputedFields: never
                  Insert: {
                           "action_id"?: string | null,"actor_id"?: string | null,"actor_kind"?: string | null,"capability_id"?: string | null,"deployment_id"?: string | null,"detail"?: Json | null,"environment_id"?: string | null,"experiment_id"?: string | null,"id"?: string | null,"intent_id"?: string | null,"kind"?: string | null,"occurred_at"?: string | null,"recorded_at"?: string | null,"summary"?: string | null,"supersedes_id"?: string | null,"variant_id"?: string | null,"workspace_id"?: string | null
                         }
                        Update: {
                           "action_id"?: string | null,"actor_id"?: string | null,"actor_kind"?: string | null,"capability_id"?: string | null,"deployment_id"?: string | null,"detail"?: Json | null,"environment_id"?: string | null,"experiment_id"?: string | null,"id"?: string | null,"intent_id"?: string | null,"kind"?: string | null,"occurred_at"?: string | null,"recorded_at"?: string | null,"summary"?: string | null,"supersedes_id"?: string | null,"variant_id"?: string | null,"workspace_id"?: string | null
                         }
                        Relationships: [
                    {
      foreignKeyName: "changes_action_id_fkey"
      columns: ["workspace_id","action_id"]
isOneToOne: false
      referencedRelation: "actions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_capability_id_fkey"
      columns: ["workspace_id","capability_id"]
isOneToOne: false
      referencedRelation: "capabilities"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_deployment_id_fkey"
      columns: ["workspace_id","deployment_id"]
isOneToOne: false
      referencedRelation: "deployments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_deployment_id_fkey"
      columns: ["workspace_id","deployment_id"]
isOneToOne: false
      referencedRelation: "live_deployments"
      referencedColumns: ["workspace_id","deployment_id"]
    },{
      foreignKeyName: "changes_environment_id_fkey"
      columns: ["workspace_id","environment_id"]
isOneToOne: false
      referencedRelation: "environments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "action_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_effects"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_exclusions"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiment_health"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "experiments"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "factor_credits"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_experiment_id_fkey"
      columns: ["workspace_id","experiment_id"]
isOneToOne: false
      referencedRelation: "guardrail_status"
      referencedColumns: ["workspace_id","experiment_id"]
    },{
      foreignKeyName: "changes_intent_id_fkey"
      columns: ["workspace_id","intent_id"]
isOneToOne: false
      referencedRelation: "intents"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_supersedes_id_fkey"
      columns: ["workspace_id","supersedes_id"]
isOneToOne: false
      referencedRelation: "change_effects"
      referencedColumns: ["workspace_id","change_id"]
    },{
      foreignKeyName: "changes_supersedes_id_fkey"
      columns: ["workspace_id","supersedes_id"]
isOneToOne: false
      referencedRelation: "changes"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_supersedes_id_fkey"
      columns: ["workspace_id","supersedes_id"]
isOneToOne: false
      referencedRelation: "timeline"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_variant_id_fkey"
      columns: ["workspace_id","variant_id"]
isOneToOne: false
      referencedRelation: "experiment_arms"
      referencedColumns: ["workspace_id","variant_id"]
    },{
      foreignKeyName: "changes_variant_id_fkey"
      columns: ["workspace_id","variant_id"]
isOneToOne: false
      referencedRelation: "variants"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "changes_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                },"version_lineage": {
                  Row: {
                    "action_id": string | null,"capability_id": string | null,"content_hash": string,"deployed_at": string | null,"deployment_id": string | null,"deployment_kind": string | null,"environment_id": string | null,"forked_from_version_id": string | null,"intent_id": string | null,"merged_version_id": string | null,"parent_version_id": string | null,"prompt_id": string,"template_id": string | null,"template_version_id": string | null,"template_version_number": number | null,"version_id": string,"version_number": number,"workspace_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "prompt_versions_forked_from_fkey"
      columns: ["workspace_id","forked_from_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "prompt_versions_forked_from_fkey"
      columns: ["workspace_id","forked_from_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","version_id"]
    },{
      foreignKeyName: "prompt_versions_merged_fkey"
      columns: ["workspace_id","prompt_id","merged_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","prompt_id","id"]
    },{
      foreignKeyName: "prompt_versions_merged_fkey"
      columns: ["workspace_id","prompt_id","merged_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","prompt_id","version_id"]
    },{
      foreignKeyName: "prompt_versions_parent_fkey"
      columns: ["workspace_id","prompt_id","parent_version_id"]
isOneToOne: false
      referencedRelation: "prompt_versions"
      referencedColumns: ["workspace_id","prompt_id","id"]
    },{
      foreignKeyName: "prompt_versions_parent_fkey"
      columns: ["workspace_id","prompt_id","parent_version_id"]
isOneToOne: false
      referencedRelation: "version_lineage"
      referencedColumns: ["workspace_id","prompt_id","version_id"]
    },{
      foreignKeyName: "prompt_versions_prompt_id_fkey"
      columns: ["workspace_id","prompt_id"]
isOneToOne: false
      referencedRelation: "prompts"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "prompt_versions_template_version_id_fkey"
      columns: ["workspace_id","template_version_id"]
isOneToOne: false
      referencedRelation: "prompt_template_versions"
      referencedColumns: ["workspace_id","id"]
    },{
      foreignKeyName: "prompt_versions_workspace_id_fkey"
      columns: ["workspace_id"]
isOneToOne: false
      referencedRelation: "workspaces"
      referencedColumns: ["id"]
    }
                  ]
                }
          }
          Functions: {
            "abort_ramp":
{ Args: { "expected_revision": number,"ramp_id": string,"reason"?: string,"workspace_id"?: string }; Returns: Json
                           },
"accept_invitation":
{ Args: { "invitation_id"?: string,"token"?: string }; Returns: Json
                           },
"activate":
{ Args: { "expected_revision": number,"experiment_id": string,"workspace_id"?: string }; Returns: Json
                           },
"add_comment":
{ Args: { "body": string,"mentions"?: (string)[],"object_id": string,"object_kind": string,"thread_id"?: string,"workspace_id"?: string }; Returns: {
              "author_id": string | null,
"author_kind": string,
"body": string,
"created_at": string,
"deleted_at": string | null,
"edited_at": string | null,
"id": string,
"mentions": (string)[],
"object_id": string,
"object_kind": string,
"resolved_at": string | null,
"resolved_by": string | null,
"thread_id": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "comments"
        isOneToOne: true
        isSetofReturn: false
      } },
"advance_ramp":
{ Args: { "expected_revision": number,"force"?: boolean,"ramp_id": string,"reason"?: string,"workspace_id"?: string }; Returns: Json
                           },
"analysis_days_v1":
{ Args: { "change_id"?: string,"experiment_id"?: string,"metric_id": string }; Returns: Json
                           },
"analysis_units_v1":
{ Args: { "after_unit"?: string,"experiment_id": string,"metric_id": string,"page_size"?: number,"variant_id"?: string }; Returns: Json
                           },
"annotate":
{ Args: { "action"?: string,"capability"?: string,"detail"?: Json,"environment"?: string,"experiment_id"?: string,"intent"?: string,"kind"?: string,"occurred_at"?: string,"summary": string,"supersedes"?: string,"workspace_id"?: string }; Returns: {
              "action_id": string | null,
"actor_id": string | null,
"actor_kind": string,
"capability_id": string | null,
"deployment_id": string | null,
"detail": NonNullable<Json>,
"environment_id": string | null,
"experiment_id": string | null,
"id": string,
"intent_id": string | null,
"kind": string,
"occurred_at": string,
"recorded_at": string,
"summary": string,
"supersedes_id": string | null,
"variant_id": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "changes"
        isOneToOne: true
        isSetofReturn: false
      } },
"approve":
{ Args: { "comment"?: string,"expected_hash": string,"request_id": string }; Returns: Json
                           },
"archive":
{ Args: { "expected_revision": number,"experiment_id": string,"workspace_id"?: string }; Returns: Json
                           },
"archive_object":
{ Args: { "object_id": string,"object_kind": string }; Returns: Json
                           },
"baseline_comparison":
{ Args: { "action"?: string,"capability"?: string,"days"?: number,"environment"?: string,"intent"?: string,"metric"?: string,"model"?: string,"until"?: string,"weeks"?: number,"workspace_id"?: string }; Returns: {
              "ci_high": number,"ci_low": number,"days_before": number,"days_now": number,"difference": number,"flag": string,"from_day": string,"metric_direction": string,"metric_id": string,"metric_key": string,"metric_name": string,"metric_unit": string,"n_before": number,"n_now": number,"p_value": number,"reason_code": string,"std_error": number,"to_day": string,"value_before": number,"value_now": number
            }[]
                           },
"change_role":
{ Args: { "expected_role": string,"role": string,"user_id": string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"role": string,
"user_id": string,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "members"
        isOneToOne: true
        isSetofReturn: false
      } },
"check_import":
{ Args: { "import_id": string }; Returns: {
              "actor_id": string | null,
"actor_kind": string,
"checked_at": string | null,
"columns": (string)[],
"created_at": string,
"environment_id": string,
"file_name": string | null,
"id": string,
"imported_at": string | null,
"mapping": Json | null,
"name": string,
"report": Json | null,
"rows_bad": number | null,
"rows_good": number | null,
"rows_landed": number,
"rows_staged": number,
"rows_undone": number,
"sha256": string | null,
"source": string,
"state": string,
"undone_at": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "metric_imports"
        isOneToOne: true
        isSetofReturn: false
      } },
"claim_jobs_v1":
{ Args: { "lease_seconds": number,"quantity": number,"worker": string }; Returns: {
              "attempt": number,"enqueued_at": string,"job_id": number,"kind": string,"payload": Json
            }[]
                           },
"commit_import":
{ Args: { "import_id": string }; Returns: {
              "actor_id": string | null,
"actor_kind": string,
"checked_at": string | null,
"columns": (string)[],
"created_at": string,
"environment_id": string,
"file_name": string | null,
"id": string,
"imported_at": string | null,
"mapping": Json | null,
"name": string,
"report": Json | null,
"rows_bad": number | null,
"rows_good": number | null,
"rows_landed": number,
"rows_staged": number,
"rows_undone": number,
"sha256": string | null,
"source": string,
"state": string,
"undone_at": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "metric_imports"
        isOneToOne: true
        isSetofReturn: false
      } },
"commit_template_version":
{ Args: { "expected_head"?: string,"message"?: string,"messages"?: Json,"model"?: string,"params"?: Json,"provider"?: string,"response_format"?: Json,"template_id": string,"tools"?: Json,"variables"?: Json,"workspace_id"?: string }; Returns: {
              "content_hash": string,
"created_at": string,
"created_by": string | null,
"id": string,
"message": string,
"messages": NonNullable<Json>,
"model": string | null,
"number": number,
"params": NonNullable<Json>,
"provider": string | null,
"response_format": Json | null,
"template_id": string,
"tools": NonNullable<Json>,
"variables": NonNullable<Json>,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "prompt_template_versions"
        isOneToOne: true
        isSetofReturn: false
      } },
"commit_version":
{ Args: { "branch"?: string,"expected_head"?: string,"message"?: string,"messages"?: Json,"model"?: string,"params"?: Json,"prompt_id": string,"provider"?: string,"response_format"?: Json,"tools"?: Json,"variables"?: Json,"workspace_id"?: string }; Returns: {
              "branch_id": string,
"content_hash": string,
"created_at": string,
"created_by": string | null,
"forked_from_version_id": string | null,
"id": string,
"merged_version_id": string | null,
"message": string,
"messages": NonNullable<Json>,
"model": string,
"number": number,
"params": NonNullable<Json>,
"parent_version_id": string | null,
"prompt_id": string,
"provider": string,
"response_format": Json | null,
"template_version_id": string | null,
"tools": NonNullable<Json>,
"variables": NonNullable<Json>,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "prompt_versions"
        isOneToOne: true
        isSetofReturn: false
      } },
"compact":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"compact_days":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"compact_slices":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"complete_job_v1":
{ Args: { "job_id": number }; Returns: boolean
                           },
"create_api_key":
{ Args: { "environments"?: (string)[],"expires_at"?: string,"name": string,"permissions": (string)[],"workspace_id"?: string }; Returns: Json
                           },
"create_branch":
{ Args: { "from_branch"?: string,"from_version"?: string,"name": string,"prompt_id": string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"deleted_at": string | null,
"head_version_id": string | null,
"id": string,
"name": string,
"prompt_id": string,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "branches"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_experiment":
{ Args: { "document": Json,"workspace_id"?: string }; Returns: Json
                           },
"create_experiment_from_template":
{ Args: { "given": Json,"template": string,"workspace_id"?: string }; Returns: Json
                           },
"create_prompt":
{ Args: { "action"?: string,"capability": string,"key": string,"name": string,"workspace_id"?: string }; Returns: {
              "action_id": string | null,
"archived_at": string | null,
"capability_id": string,
"created_at": string,
"id": string,
"key": string,
"name": string,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "prompts"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_prompt_template":
{ Args: { "description"?: string,"key": string,"name": string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"created_by": string | null,
"description": string,
"head_version_id": string | null,
"id": string,
"key": string,
"name": string,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "prompt_templates"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_role":
{ Args: { "key": string,"name": string,"permissions"?: (string)[],"workspace_id"?: string }; Returns: Json
                           },
"create_run":
{ Args: { "name"?: string,"repeats"?: number,"test_case_ids"?: (string)[],"version_ids": (string)[],"workspace_id"?: string }; Returns: {
              "created_at": string,
"created_by": string | null,
"done": number,
"failed": number,
"finished_at": string | null,
"id": string,
"name": string,
"state": string,
"total": number,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "runs"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_version_from_template":
{ Args: { "branch"?: string,"defaults"?: Json,"expected_head"?: string,"message"?: string,"model"?: string,"params"?: Json,"prompt_id": string,"provider"?: string,"template_version_id": string,"workspace_id"?: string }; Returns: {
              "branch_id": string,
"content_hash": string,
"created_at": string,
"created_by": string | null,
"forked_from_version_id": string | null,
"id": string,
"merged_version_id": string | null,
"message": string,
"messages": NonNullable<Json>,
"model": string,
"number": number,
"params": NonNullable<Json>,
"parent_version_id": string | null,
"prompt_id": string,
"provider": string,
"response_format": Json | null,
"template_version_id": string | null,
"tools": NonNullable<Json>,
"variables": NonNullable<Json>,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "prompt_versions"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_workspace":
{ Args: { "name": string,"slug": string }; Returns: Json
                           },
"decide":
{ Args: { "action"?: string,"attributes"?: Json,"capability": string,"conversation"?: string,"environment": string,"intent"?: string,"subject": string,"workspace_id"?: string }; Returns: Json
                           },
"delete_branch":
{ Args: { "branch": string,"even_unmerged"?: boolean,"expected_head": string,"prompt_id": string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"deleted_at": string | null,
"head_version_id": string | null,
"id": string,
"name": string,
"prompt_id": string,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "branches"
        isOneToOne: true
        isSetofReturn: false
      } },
"delete_comment":
{ Args: { "comment_id": string }; Returns: {
              "author_id": string | null,
"author_kind": string,
"body": string,
"created_at": string,
"deleted_at": string | null,
"edited_at": string | null,
"id": string,
"mentions": (string)[],
"object_id": string,
"object_kind": string,
"resolved_at": string | null,
"resolved_by": string | null,
"thread_id": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "comments"
        isOneToOne: true
        isSetofReturn: false
      } },
"delete_provider_key":
{ Args: { "force"?: boolean,"provider": string,"workspace_id"?: string }; Returns: Json
                           },
"delete_role":
{ Args: { "role": string,"workspace_id"?: string }; Returns: undefined
                           },
"diff_versions":
{ Args: { "from_version": string,"to_version": string,"workspace_id"?: string }; Returns: Json
                           },
"edit_comment":
{ Args: { "body": string,"comment_id": string,"mentions"?: (string)[] }; Returns: {
              "author_id": string | null,
"author_kind": string,
"body": string,
"created_at": string,
"deleted_at": string | null,
"edited_at": string | null,
"id": string,
"mentions": (string)[],
"object_id": string,
"object_kind": string,
"resolved_at": string | null,
"resolved_by": string | null,
"thread_id": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "comments"
        isOneToOne: true
        isSetofReturn: false
      } },
"edit_experiment":
{ Args: { "changes": Json,"expected_revision": number,"experiment_id": string,"workspace_id"?: string }; Returns: Json
                           },
"effects_as_of":
{ Args: { "as_of"?: string,"experiment_id": string,"mature_only"?: boolean,"switchers"?: string,"workspace_id"?: string }; Returns: Json
                           },
"effects_between":
{ Args: { "experiment_id": string,"from_day"?: string,"to_day"?: string }; Returns: {
              "action_keys": (string)[] | null,
"adjusted_p_value": number | null,
"as_of": string | null,
"capability_id": string,
"capability_key": string,
"chance_to_win": number | null,
"ci_high": number | null,
"ci_low": number | null,
"confidence_level": number | null,
"control_variant_id": string | null,
"correction": string | null,
"degrees_of_freedom": number | null,
"difference": number | null,
"environment_id": string,
"environment_key": string,
"experiment_id": string,
"experiment_key": string,
"grade": string | null,
"intent_keys": (string)[] | null,
"lift": number | null,
"lift_high": number | null,
"lift_low": number | null,
"log10_p": number | null,
"mature_difference": number | null,
"mature_high": number | null,
"mature_low": number | null,
"mature_n_control": number | null,
"mature_n_variant": number | null,
"mature_p_value": number | null,
"mature_share": number | null,
"mature_std_error": number | null,
"mean_control": number | null,
"mean_variant": number | null,
"method": string | null,
"method_version": string | null,
"metric_direction": string | null,
"metric_id": string | null,
"metric_key": string | null,
"metric_kind": string | null,
"metric_name": string | null,
"metric_role": string | null,
"metric_unit": string | null,
"models": (string)[] | null,
"n_control": number | null,
"n_variant": number | null,
"p_value": number | null,
"reason_code": string | null,
"risk_keep": number | null,
"risk_ship": number | null,
"sequential_high": number | null,
"sequential_low": number | null,
"sequential_p_value": number | null,
"settles_at": string | null,
"std_error": number | null,
"unadjusted_ci_high": number | null,
"unadjusted_ci_low": number | null,
"unadjusted_difference": number | null,
"unadjusted_p_value": number | null,
"unadjusted_std_error": number | null,
"variance_reduction": number | null,
"variant_id": string | null,
"variant_key": string | null,
"variant_name": string | null,
"verdict": string | null,
"waiting_for": string | null,
"workspace_id": string
            }[]
                          SetofOptions: {
        from: "*"
        to: "experiment_effects"
        isOneToOne: false
        isSetofReturn: true
      } },
"erase_subject":
{ Args: { "reason": string,"subject": string,"workspace_id"?: string }; Returns: {
              "actor_id": string | null,
"actor_kind": string,
"erased_at": string,
"id": string,
"reason": string,
"rows": NonNullable<Json>,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "erasures"
        isOneToOne: true
        isSetofReturn: false
      } },
"experiment_ancestry":
{ Args: { "experiment_id": string,"workspace_id"?: string }; Returns: Json
                           },
"experiment_checklist":
{ Args: { "experiment_id": string,"workspace_id"?: string }; Returns: Json
                           },
"experiment_document":
{ Args: { "experiment_id": string,"workspace_id"?: string }; Returns: Json
                           },
"explain_decision":
{ Args: { "action"?: string,"attributes"?: Json,"capability": string,"conversation"?: string,"environment": string,"intent"?: string,"subject": string,"workspace_id"?: string }; Returns: Json
                           },
"extend_job_v1":
{ Args: { "job_id": number,"lease_seconds": number }; Returns: boolean
                           },
"fail_job_v1":
{ Args: { "error_code": string,"error_message": string,"job_id": number,"retry_in_seconds"?: number }; Returns: boolean
                           },
"fork_experiment":
{ Args: { "experiment_id": string,"key": string,"name"?: string,"workspace_id"?: string }; Returns: Json
                           },
"fork_prompt":
{ Args: { "action"?: string,"capability"?: string,"key": string,"message"?: string,"name": string,"prompt_id"?: string,"version_id"?: string,"workspace_id"?: string }; Returns: {
              "action_id": string | null,
"archived_at": string | null,
"capability_id": string,
"created_at": string,
"id": string,
"key": string,
"name": string,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "prompts"
        isOneToOne: true
        isSetofReturn: false
      } },
"invite_member":
{ Args: { "email": string,"expires_in_hours"?: number,"role": string,"workspace_id"?: string }; Returns: Json
                           },
"keep_partitions_v1":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"leave_workspace":
{ Args: { "workspace_id": string }; Returns: undefined
                           },
"lineage_of":
{ Args: { "inference_id": string,"workspace_id"?: string }; Returns: Json
                           },
"map_columns":
{ Args: { "import_id": string,"mapping": Json }; Returns: {
              "actor_id": string | null,
"actor_kind": string,
"checked_at": string | null,
"columns": (string)[],
"created_at": string,
"environment_id": string,
"file_name": string | null,
"id": string,
"imported_at": string | null,
"mapping": Json | null,
"name": string,
"report": Json | null,
"rows_bad": number | null,
"rows_good": number | null,
"rows_landed": number,
"rows_staged": number,
"rows_undone": number,
"sha256": string | null,
"source": string,
"state": string,
"undone_at": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "metric_imports"
        isOneToOne: true
        isSetofReturn: false
      } },
"mark_notifications_read":
{ Args: { "notification_ids"?: (string)[],"workspace_id"?: string }; Returns: number
                           },
"merge_branch":
{ Args: { "expected_head"?: string,"expected_source_head"?: string,"message"?: string,"prompt_id": string,"resolutions"?: Json,"source": string,"target"?: string,"workspace_id"?: string }; Returns: Json
                           },
"metric_series":
{ Args: { "action"?: string,"capability"?: string,"environment"?: string,"grain"?: string,"intent"?: string,"method"?: string,"metric": string,"model"?: string,"since"?: string,"until"?: string,"workspace_id"?: string }; Returns: {
              "at": string,"expected": number,"is_anomaly": boolean,"is_mature": boolean,"lower": number,"method_used": string,"n": number,"upper": number,"value": number,"z": number
            }[]
                           },
"mute_object":
{ Args: { "muted"?: boolean,"object_id": string,"object_kind": string }; Returns: boolean
                           },
"my_invitations":
{ Args: Record<PropertyKey, never>; Returns: {
              "expires_at": string,"invitation_id": string,"invited_at": string,"role": string,"workspace": string,"workspace_id": string
            }[]
                           },
"outcome_of":
{ Args: { "conversation"?: string,"key_type"?: string,"key_value"?: string,"subject"?: string,"workspace_id"?: string }; Returns: {
              "counted_in": Json,"environment_id": string,"metric_id": string,"metric_key": string,"occurred_at": string,"outcome_id": string,"placed_by": string,"placed_conversation": string,"placed_subject": string,"received_at": string,"source": string,"value": number
            }[]
                           },
"outcome_waterfall":
{ Args: { "action"?: string,"capability"?: string,"environment"?: string,"from_a": string,"from_b": string,"intent"?: string,"metric": string,"model"?: string,"to_a": string,"to_b": string,"workspace_id"?: string }; Returns: {
              "change_ids": (string)[],"contribution": number,"contribution_high": number,"contribution_low": number,"grade": string,"intent_id": string,"mean_a": number,"mean_b": number,"n_a": number,"n_b": number,"part": string,"reach": number,"reason_code": string,"summary": string,"variant_id": string
            }[]
                           },
"pause":
{ Args: { "expected_revision": number,"experiment_id": string,"workspace_id"?: string }; Returns: Json
                           },
"preview_publish":
{ Args: { "action"?: string,"capability": string,"environment": string,"intent"?: string,"version_id": string,"workspace_id"?: string }; Returns: Json
                           },
"preview_rollback":
{ Args: { "action"?: string,"capability": string,"environment": string,"intent"?: string,"to_time"?: string,"to_version"?: string,"workspace_id"?: string }; Returns: Json
                           },
"provider_key_v1":
{ Args: { "provider": string,"workspace_id": string }; Returns: string
                           },
"publish":
{ Args: { "action"?: string,"capability": string,"environment": string,"expected_version"?: string,"intent"?: string,"reason"?: string,"version_id": string,"workspace_id"?: string }; Returns: Json
                           },
"record_exposures":
{ Args: { "exposures": Json,"workspace_id"?: string }; Returns: Json
                           },
"record_inferences":
{ Args: { "inferences": Json,"workspace_id"?: string }; Returns: Json
                           },
"record_outcomes":
{ Args: { "outcomes": Json,"workspace_id"?: string }; Returns: Json
                           },
"record_provider_key_test_v1":
{ Args: { "error_code"?: string,"provider": string,"rotated_at": string,"workspace_id": string }; Returns: boolean
                           },
"record_run_results_v1":
{ Args: { "results": Json,"run_id": string }; Returns: Json
                           },
"reject":
{ Args: { "comment"?: string,"expected_hash": string,"request_id": string }; Returns: Json
                           },
"remove_member":
{ Args: { "revoke_keys"?: boolean,"user_id": string,"workspace_id"?: string }; Returns: Json
                           },
"rename_branch":
{ Args: { "branch": string,"new_name": string,"prompt_id": string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"deleted_at": string | null,
"head_version_id": string | null,
"id": string,
"name": string,
"prompt_id": string,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "branches"
        isOneToOne: true
        isSetofReturn: false
      } },
"render_template_version":
{ Args: { "template_version_id": string,"variables"?: Json,"workspace_id"?: string }; Returns: Json
                           },
"render_version":
{ Args: { "variables"?: Json,"version_id": string,"workspace_id"?: string }; Returns: Json
                           },
"request_analysis":
{ Args: { "experiment_id": string,"inputs"?: Json,"method": string,"metric_id"?: string,"variant_id"?: string,"workspace_id"?: string }; Returns: Json
                           },
"request_publication":
{ Args: { "action"?: string,"capability": string,"environment": string,"intent"?: string,"message"?: string,"version_id": string,"workspace_id"?: string }; Returns: Json
                           },
"resolve_thread":
{ Args: { "comment_id": string,"resolved"?: boolean }; Returns: {
              "author_id": string | null,
"author_kind": string,
"body": string,
"created_at": string,
"deleted_at": string | null,
"edited_at": string | null,
"id": string,
"mentions": (string)[],
"object_id": string,
"object_kind": string,
"resolved_at": string | null,
"resolved_by": string | null,
"thread_id": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "comments"
        isOneToOne: true
        isSetofReturn: false
      } },
"restore_object":
{ Args: { "object_id": string,"object_kind": string }; Returns: Json
                           },
"restore_variant":
{ Args: { "expected_revision": number,"experiment_id": string,"reason"?: string,"variant": string,"workspace_id"?: string }; Returns: Json
                           },
"resume":
{ Args: { "expected_revision": number,"experiment_id": string,"workspace_id"?: string }; Returns: Json
                           },
"revoke_api_key":
{ Args: { "api_key_id": string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"created_by": string | null,
"environment_ids": (string)[] | null,
"expires_at": string | null,
"id": string,
"name": string,
"permissions": (string)[],
"prefix": string,
"revoked_at": string | null,
"revoked_by": string | null,
"rotated_at": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "api_keys"
        isOneToOne: true
        isSetofReturn: false
      } },
"revoke_invitation":
{ Args: { "invitation_id": string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"created_by": string,
"email": string,
"expires_at": string,
"id": string,
"role": string,
"settled_at": string | null,
"settled_by": string | null,
"state": string,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "invitations"
        isOneToOne: true
        isSetofReturn: false
      } },
"rollback":
{ Args: { "action"?: string,"capability": string,"environment": string,"expected_version": string,"intent"?: string,"reason"?: string,"to_time"?: string,"to_version"?: string,"workspace_id"?: string }; Returns: Json
                           },
"rollback_variant":
{ Args: { "expected_revision": number,"experiment_id": string,"reason"?: string,"variant": string,"workspace_id"?: string }; Returns: Json
                           },
"rotate_api_key":
{ Args: { "api_key_id": string,"expected_prefix": string,"grace_seconds"?: number,"workspace_id"?: string }; Returns: Json
                           },
"ruleset":
{ Args: { "environment": string,"if_none_match"?: string,"workspace_id"?: string }; Returns: Json
                           },
"run_work_v1":
{ Args: { "items": Json,"run_id": string }; Returns: Json
                           },
"save_as_template":
{ Args: { "description"?: string,"experiment_id": string,"key": string,"name": string,"workspace_id"?: string }; Returns: Json
                           },
"set_holdout":
{ Args: { "environment": string,"expected_number"?: number,"reason"?: string,"share": number,"workspace_id"?: string }; Returns: Json
                           },
"set_provider_key":
{ Args: { "name"?: string,"provider": string,"secret": string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"created_by": string | null,
"hint": string,
"id": string,
"last_tested_at": string | null,
"name": string,
"provider": string,
"rotated_at": string,
"test_error_code": string | null,
"test_requested_at": string | null,
"test_status": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "provider_keys"
        isOneToOne: true
        isSetofReturn: false
      } },
"slice_effects":
{ Args: { "action"?: string,"experiment_id": string,"from_day"?: string,"intent"?: string,"metric"?: string,"model"?: string,"to_day"?: string }; Returns: {
              "adjusted_p_value": number,"as_of": string,"chance_to_win": number,"ci_high": number,"ci_low": number,"confidence_level": number,"control_variant_id": string,"correction": string,"degrees_of_freedom": number,"difference": number,"estimand": string,"experiment_key": string,"grade": string,"lift": number,"lift_high": number,"lift_low": number,"log10_p": number,"mean_control": number,"mean_variant": number,"method": string,"metric_direction": string,"metric_id": string,"metric_key": string,"metric_kind": string,"metric_name": string,"metric_role": string,"metric_unit": string,"n_control": number,"n_variant": number,"p_value": number,"reason_code": string,"risk_keep": number,"risk_ship": number,"sequential_high": number,"sequential_low": number,"sequential_p_value": number,"std_error": number,"unadjusted_ci_high": number,"unadjusted_ci_low": number,"unadjusted_difference": number,"unadjusted_p_value": number,"unadjusted_std_error": number,"variance_reduction": number,"variant_id": string,"variant_key": string,"variant_name": string,"verdict": string,"warnings": (string)[],"workspace_id": string
            }[]
                           },
"stage_rows":
{ Args: { "first_row"?: number,"import_id": string,"rows": Json }; Returns: Json
                           },
"start_import":
{ Args: { "columns": (string)[],"environment": string,"file_name"?: string,"name"?: string,"sha256"?: string,"workspace_id"?: string }; Returns: {
              "actor_id": string | null,
"actor_kind": string,
"checked_at": string | null,
"columns": (string)[],
"created_at": string,
"environment_id": string,
"file_name": string | null,
"id": string,
"imported_at": string | null,
"mapping": Json | null,
"name": string,
"report": Json | null,
"rows_bad": number | null,
"rows_good": number | null,
"rows_landed": number,
"rows_staged": number,
"rows_undone": number,
"sha256": string | null,
"source": string,
"state": string,
"undone_at": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "metric_imports"
        isOneToOne: true
        isSetofReturn: false
      } },
"start_ramp":
{ Args: { "action"?: string,"capability": string,"environment": string,"expected_version"?: string,"guardrails"?: Json,"hold"?: string,"intent"?: string,"min_subjects"?: number,"reason"?: string,"steps"?: (number)[],"unit"?: string,"version_id": string,"workspace_id"?: string }; Returns: Json
                           },
"store_result_v1":
{ Args: { "as_of": string,"change_id"?: string,"experiment_id"?: string,"grade"?: string,"inputs"?: Json,"method": string,"method_version": string,"metric_id"?: string,"reason_code"?: string,"result"?: Json,"variant_id"?: string,"workspace_id": string }; Returns: Json
                           },
"submit_for_approval":
{ Args: { "expected_revision": number,"experiment_id": string,"message"?: string,"workspace_id"?: string }; Returns: Json
                           },
"tag_version":
{ Args: { "expected_version"?: string,"name": string,"reason"?: string,"version_id": string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"created_by": string | null,
"id": string,
"moved_at": string,
"name": string,
"prompt_id": string,
"version_id": string,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "tags"
        isOneToOne: true
        isSetofReturn: false
      } },
"test_provider_key":
{ Args: { "provider": string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"created_by": string | null,
"hint": string,
"id": string,
"last_tested_at": string | null,
"name": string,
"provider": string,
"rotated_at": string,
"test_error_code": string | null,
"test_requested_at": string | null,
"test_status": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "provider_keys"
        isOneToOne: true
        isSetofReturn: false
      } },
"tick_ramps_v1":
{ Args: { "pause_seconds"?: number }; Returns: Json
                           },
"touch_credits":
{ Args: { "action"?: string,"by"?: string,"capability"?: string,"environment"?: string,"from_day": string,"half_life"?: string,"intent"?: string,"lookback"?: string,"metric": string,"model"?: string,"to_day": string,"touch_model"?: string,"workspace_id"?: string }; Returns: {
              "assumption": string,"credit": number,"grade": string,"method": string,"outcomes": number,"share": number,"thing": string,"thing_id": string,"touches": number
            }[]
                           },
"trace_of":
{ Args: { "conversation"?: string,"key_type"?: string,"key_value"?: string,"subject"?: string,"workspace_id"?: string }; Returns: {
              "action_id": string,"at": string,"capability_id": string,"change_id": string,"detail": Json,"environment_id": string,"experiment_id": string,"inference_id": string,"intent_id": string,"kind": string,"metric_id": string,"outcome_id": string,"prompt_version_id": string,"seen_conversation": string,"seen_subject": string,"summary": string,"value": number,"variant_id": string
            }[]
                           },
"transfer_ownership":
{ Args: { "to_user": string,"workspace_id"?: string }; Returns: Json
                           },
"undo_import":
{ Args: { "import_id": string }; Returns: {
              "actor_id": string | null,
"actor_kind": string,
"checked_at": string | null,
"columns": (string)[],
"created_at": string,
"environment_id": string,
"file_name": string | null,
"id": string,
"imported_at": string | null,
"mapping": Json | null,
"name": string,
"report": Json | null,
"rows_bad": number | null,
"rows_good": number | null,
"rows_landed": number,
"rows_staged": number,
"rows_undone": number,
"sha256": string | null,
"source": string,
"state": string,
"undone_at": string | null,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "metric_imports"
        isOneToOne: true
        isSetofReturn: false
      } },
"unread_notifications":
{ Args: { "workspace_id"?: string }; Returns: number
                           },
"untag":
{ Args: { "expected_version": string,"name": string,"prompt_id": string,"reason"?: string,"workspace_id"?: string }; Returns: {
              "created_at": string,
"created_by": string | null,
"id": string,
"moved_at": string,
"name": string,
"prompt_id": string,
"version_id": string,
"workspace_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "tags"
        isOneToOne: true
        isSetofReturn: false
      } },
"update_role":
{ Args: { "key": string,"name": string,"permissions": (string)[],"workspace_id"?: string }; Returns: Json
                           },
"version_log":
{ Args: { "before_number"?: number,"branch"?: string,"page_size"?: number,"prompt_id": string,"workspace_id"?: string }; Returns: {
              "author": string,"branch_name": string,"changed": (string)[],"committed_at": string,"content_hash": string,"forked_from_version_id": string,"merged_version_id": string,"message": string,"number": number,"parent_version_id": string,"tags": (string)[],"template_version_id": string,"version_id": string
            }[]
                           },
"withdraw":
{ Args: { "action"?: string,"capability": string,"environment": string,"expected_version": string,"intent"?: string,"reason"?: string,"workspace_id"?: string }; Returns: Json
                           },
"withdraw_request":
{ Args: { "request_id": string }; Returns: Json
                           }
          }
          Enums: {
            [_ in never]: never
          }
          CompositeTypes: {
            [_ in never]: never
          }
        }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
  ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    }
    ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    }
    ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    }
    ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
  ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
  ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  "public": {
          Enums: {
            
          }
        }
} as const

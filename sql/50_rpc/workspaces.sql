create or replace function public.create_workspace(name text, slug text) returns jsonb
language sql volatile
set search_path = ''
return private.create_workspace(name, slug);

comment on function public.create_workspace(text, text) is E'Makes a workspace with its roles and its environments production and staging; you become its owner.\nCalling it again with the same slug returns the same workspace: {workspace_id, environments: {key: id}}.';

import { Menu, Select, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { useNavigate } from "react-router";
import classes from "@/app/TopBar.module.css";
import { LiveState } from "@/components/figures/LiveState";
import { useSignedIn } from "@/features/session/api/session";
import { workspacesQuery } from "@/features/workspace/api/workspaces";
import { EnvironmentChoice } from "@/features/workspace/components/EnvironmentChoice";
import type { Current } from "@/features/workspace/model/current";
import { useSupabase } from "@/lib/services";

export function TopBar({ current }: { current: Current }) {
  const navigate = useNavigate();
  const { workspace, environment, environments } = current;
  return (
    <div className={classes.bar}>
      <WorkspaceChoice slug={workspace.slug} name={workspace.name} />
      <EnvironmentChoice
        environments={environments}
        value={environment}
        onChange={(key) => navigate(`/w/${workspace.slug}/experiments?env=${encodeURIComponent(key)}`)}
      />
      <span className={classes.space} />
      <LiveState />
      <Account role={current.membership.role} />
    </div>
  );
}

function WorkspaceChoice({ slug, name }: { slug: string; name: string }) {
  const navigate = useNavigate();
  const { userId } = useSignedIn();
  const { data } = useQuery(workspacesQuery(useSupabase(), userId));
  if (!data || data.length < 2) return <span className={classes.workspace}>{name}</span>;
  return (
    <Select
      aria-label="Workspace"
      size="xs"
      w={160}
      data={data.map((workspace) => ({ value: workspace.slug, label: workspace.name }))}
      value={slug}
      onChange={(next) => next && navigate(`/w/${next}`)}
      allowDeselect={false}
    />
  );
}

function Account({ role }: { role: string }) {
  const { email } = useSignedIn();
  const supabase = useSupabase();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.account} aria-label={`Account of ${email}`}>
          {email.slice(0, 1).toUpperCase() || "?"}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {email}
          <br />
          {role.replaceAll("_", " ")}
        </Menu.Label>
        <Menu.Item
          leftSection={<LogOut size={15} />}
          onClick={() => void supabase.auth.signOut({ scope: "local" })}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

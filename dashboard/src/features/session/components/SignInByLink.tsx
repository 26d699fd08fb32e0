import { Alert, Button, Loader, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ErrorText } from "@/components/states/PanelStates";
import { USED_LINK } from "@/features/session/model/link";
import { RequestError, toRequestError } from "@/lib/errors";
import { useSupabase } from "@/lib/services";

/** Redeems a one-time token, once. `onEnd` is called when it was taken, or when the person gives up. */
export function SignInByLink({ tokenHash, onEnd }: { tokenHash: string; onEnd: () => void }) {
  const supabase = useSupabase();
  const asked = useRef(false);
  const { mutate, error } = useMutation({
    mutationFn: async () => {
      const answer = await supabase.auth.verifyOtp({ token_hash: tokenHash, type: "magiclink" });
      if (answer.error) throw toRequestError(answer.error);
    },
    onSuccess: onEnd,
  });
  useEffect(() => {
    // React mounts twice in development; a one-time token must be redeemed once.
    if (asked.current) return;
    asked.current = true;
    mutate();
  }, [mutate]);
  if (!error) {
    return (
      <Stack align="center" gap="sm" role="status">
        <Loader size="sm" />
        <Text size="sm">Signing you in</Text>
      </Stack>
    );
  }
  return (
    <Alert color="red" role="alert" title="This link can't be used">
      <ErrorText error={explain(error)} />
      <Button variant="default" size="xs" mt="sm" onClick={onEnd}>
        Sign in with a password
      </Button>
    </Alert>
  );
}

function explain(error: unknown): unknown {
  if (!(error instanceof RequestError) || error.code !== "otp_expired") return error;
  return new RequestError(USED_LINK, error.code);
}

import { Button, NativeSelect, VisuallyHidden } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changeUser, type ManagedUser, makeResetLink } from "../api/admin.ts";
import { Failure } from "../errors/failure.tsx";
import { Initials } from "../parts/initials.tsx";
import { Row } from "../parts/list.tsx";
import { calledOf } from "../parts/person.ts";
import { Link, pathOf } from "../router.tsx";
import css from "./admin.module.css";
import { CodeLink } from "./code-link.tsx";

const ROLES = ["student", "teacher", "admin"] as const;

interface UserRowProps {
  readonly user: ManagedUser;
  /** Nobody changes their own account here. */
  readonly isMe: boolean;
}

/** Somebody with an account, and what an administrator may do about it. */
export function UserRow({ user, isMe }: UserRowProps) {
  const { t } = useTranslation();
  const { _id, email, disabled, issuer } = user;
  const name = calledOf(user);
  const details = [email, issuer, disabled ? t("admin.disabled") : null].filter(Boolean).join(" · ");
  return (
    <>
      <Row
        start={<Initials of={name} />}
        title={name}
        detail={details}
        end={isMe ? <span className={css.quiet}>{t("admin.you")}</span> : null}
      />
      {!isMe && <Actions key={_id} user={user} name={name} />}
    </>
  );
}

function Actions({ user, name }: { readonly user: ManagedUser; readonly name: string }) {
  const { t } = useTranslation();
  const { _id, role, disabled, hasPassword } = user;
  const changing = useMutation({
    mutationFn: (change: Parameters<typeof changeUser>[1]) => changeUser(_id, change),
  });
  const linking = useMutation({ mutationFn: () => makeResetLink(_id) });
  return (
    <div className={css.actions}>
      <NativeSelect
        aria-label={t("admin.roleOf", { name })}
        value={role}
        disabled={changing.isPending}
        onChange={({ currentTarget }) => {
          const chosen = ROLES.find((one) => one === currentTarget.value);
          if (chosen) changing.mutate({ role: chosen });
        }}
        data={ROLES.map((one) => ({ value: one, label: t(`sign.${one}`) }))}
      />
      <Button
        variant="default"
        loading={changing.isPending}
        aria-label={t(disabled ? "admin.enableNamed" : "admin.disableNamed", { name })}
        onClick={() => changing.mutate({ disabled: !disabled })}
      >
        {t(disabled ? "admin.enable" : "admin.disable")}
      </Button>
      {hasPassword && (
        <Button
          variant="default"
          loading={linking.isPending}
          aria-label={t("admin.resetNamed", { name })}
          onClick={() => linking.mutate()}
        >
          {t("admin.reset")}
        </Button>
      )}
      <Link href={`${pathOf("audit")}?user=${encodeURIComponent(_id)}`} className={css.trail}>
        {t("admin.trail")}
        <VisuallyHidden> {name}</VisuallyHidden>
      </Link>
      <Failure error={changing.error ?? linking.error} />
      {linking.data && <CodeLink code={linking.data} words={t("admin.resetGive", { name })} />}
    </div>
  );
}

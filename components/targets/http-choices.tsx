import { Checkbox } from '@/components/ui/checkbox';

type Allowed = { probe: boolean; idempotencyKey: boolean };

/** What an operator lets Holdpoint do beyond sending what was approved. */
export function HttpChoices({
  allowed,
  onChange,
}: {
  allowed: Allowed;
  onChange: (allowed: Allowed) => void;
}) {
  const box = (key: keyof Allowed, label: string) => (
    <Checkbox
      label={label}
      checked={allowed[key]}
      onChange={(e) => onChange({ ...allowed, [key]: e.target.checked })}
    />
  );
  return (
    <>
      {box('probe', 'Measuring may ask it for the current state (GET) of what would be changed')}
      {box('idempotencyKey', 'It understands Idempotency-Key')}
    </>
  );
}

'use client';
import { OctagonPause } from 'lucide-react';
import { hasRole, useMe } from '@/components/api/me';
import { useShell } from '@/components/shell/shell-context';
import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import type { HaltView } from '@/server/domain/views';
import type { HaltSubject } from './halt-subject';
import { useHalts } from './use-halts';

/** Stops what a page is about; leads to the halt once there is one. Nothing for people who may not halt. */
export function HaltButton({ subject, label }: { subject: HaltSubject; label: string }) {
  const { openHalt } = useShell();
  const mayHalt = hasRole(useMe(), 'owner', 'security_lead', 'reviewer');
  const halted = useHalts().some((halt: HaltView) => halt.liftedAt === null && halt.subjectId === subject.id);
  if (halted) {
    return (
      <Button asChild variant="outline-danger">
        <Link href="/halts">
          <OctagonPause /> Halted
        </Link>
      </Button>
    );
  }
  if (!mayHalt) return null;
  return (
    <Button variant="outline-danger" onClick={() => openHalt(subject)}>
      <OctagonPause /> {label}
    </Button>
  );
}

import { Plug } from 'lucide-react';
import { Button } from '@/components/ui/button';
import type { TargetView } from '@/server/domain/catalog-views';
import { FilesTargetDialog } from './files-target-dialog';
import { HttpTargetDialog } from './http-target-dialog';
import { TargetDialog } from './target-dialog';

/** The dialog that changes how a target of this kind is reached. */
export function SetUpTarget({ target }: { target: TargetView }) {
  const button = (
    <Button>
      <Plug /> {target.kind === 'postgres' ? 'Connection…' : 'Set up…'}
    </Button>
  );
  if (target.kind === 'http') return <HttpTargetDialog target={target} trigger={button} />;
  if (target.kind === 'files') return <FilesTargetDialog target={target} trigger={button} />;
  return <TargetDialog target={{ name: target.name, searchPath: target.searchPath }} trigger={button} />;
}

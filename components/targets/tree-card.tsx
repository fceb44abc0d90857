import { byteWords } from '@/components/ui/byte-words';
import { Card } from '@/components/ui/card';
import { ClassChip } from '@/components/ui/class-chip';
import { counted } from '@/components/ui/number-words';
import type { FilesTargetView } from '@/server/domain/catalog-views';

/** What agents can reach in a tree, and what kind of data it holds. */
export function TreeCard({ target }: { target: FilesTargetView }) {
  const tree = target.check?.tree;
  const classes = Object.entries(target.classes);
  return (
    <Card id="tree" title="What it holds">
      <p className="text-base">
        {tree ? `${counted(tree.files, 'file')} that can be reached, ${byteWords(tree.bytes)}. ` : ''}
        {tree?.git ? (
          <>
            What is committed can be brought back from git (now{' '}
            <code className="text-sm">{tree.git.slice(0, 10)}</code>).
          </>
        ) : (
          'It is not in git: what is changed or deleted cannot be undone.'
        )}
        {target.readOnly ? ' Nothing in it may be changed.' : ''}
      </p>
      <dl className="mt-4 grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[10rem_1fr]">
        <dt className="text-faint">Can be reached</dt>
        <dd className="font-mono [overflow-wrap:anywhere]">{target.include.join(', ')}</dd>
        <dt className="text-faint">But not</dt>
        <dd className="font-mono [overflow-wrap:anywhere]">
          {[...target.exclude, ...(target.hidden ? [] : ['names that begin with a dot']), '.git'].join(', ')}
        </dd>
        <dt className="text-faint">Kinds of data</dt>
        <dd>
          {classes.length === 0 ? (
            <span className="text-hold-text">nobody has said: all of it counts as sensitive</span>
          ) : (
            <ul className="space-y-1">
              {classes.map(([glob, name]) => (
                <li key={glob} className="flex flex-wrap items-center gap-2">
                  <code>{glob}</code> <ClassChip name={name} />
                </li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
    </Card>
  );
}

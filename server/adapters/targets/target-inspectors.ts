import type { FilesParts, HttpParts, PostgresParts, TargetParts } from '@/server/domain/catalog';
import type { TargetCheck, TargetInspector } from '@/server/domain/ports';

type ByKind = {
  postgres: TargetInspector<PostgresParts>;
  http: TargetInspector<HttpParts>;
  files: TargetInspector<FilesParts>;
};

/** Looks at every kind of target, each with the inspector made for it. */
export class TargetInspectors implements TargetInspector {
  constructor(private readonly inspectors: ByKind) {}

  inspect(target: TargetParts): Promise<TargetCheck> {
    switch (target.kind) {
      case 'postgres':
        return this.inspectors.postgres.inspect(target);
      case 'http':
        return this.inspectors.http.inspect(target);
      case 'files':
        return this.inspectors.files.inspect(target);
    }
  }
}

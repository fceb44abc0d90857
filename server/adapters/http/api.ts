import type { HttpTarget } from '@/server/domain/catalog';
import { type ArgsValidator, compileInputSchema } from '@/server/domain/input-schema';
import { type ApiOperation, readOperations } from '@/server/domain/openapi';
import { operationSchema } from '@/server/domain/tool-schemas';

/** A service's operations, ready to be matched and held against. */
export type Api = {
  operations: readonly ApiOperation[];
  /** Throws where the schema of an operation cannot be compiled. */
  validatorOf(operation: ApiOperation): ArgsValidator;
};

const APIS_MAX = 50;
const apis = new Map<string, Api>();

/** The compiled document of a target. Kept by the target's hash: another document is another entry. */
export function apiOf(target: HttpTarget): Api {
  const known = apis.get(target.definitionHash);
  if (known) return known;
  const validators = new Map<string, ArgsValidator>();
  const api: Api = {
    operations: readOperations(target.openapi),
    validatorOf(operation) {
      const validate = validators.get(operation.name) ?? compileInputSchema(operationSchema(operation));
      validators.set(operation.name, validate);
      return validate;
    },
  };
  apis.set(target.definitionHash, api);
  const [oldest] = apis.keys();
  if (apis.size > APIS_MAX && oldest !== undefined) apis.delete(oldest);
  return api;
}

import { setFlagsFromString } from 'node:v8';

// The one door to Cedar, because of this line. Node 20 inlines calls from JavaScript into WebAssembly, and when such a caller is deoptimised during
// a call that returns an object, V8 aborts the process ("unreachable code"). Cedar's calls do, at any moment, under load.
setFlagsFromString('--no-turbo-inline-js-wasm-calls');

export {
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';

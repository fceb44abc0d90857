/** The core without the languages that `prismjs` itself brings. */
declare module 'prismjs/components/prism-core' {
  const Prism: Pick<typeof import('prismjs'), 'languages' | 'tokenize'> & { manual: boolean };
  export default Prism;
}

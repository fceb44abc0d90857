/** What a box of lines lists: one thing per line, without empty ones. */
export const listOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What an input of text needs to show and change one value. */
export const typed = (value: string, set: (value: string) => void) => ({
  value,
  onChange: (event: { target: { value: string } }) => set(event.target.value),
});

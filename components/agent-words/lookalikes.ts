/** Letters of other scripts by the Latin letter or digit they are drawn like (the everyday part of Unicode's confusables). */
const BY_LATIN: Readonly<Record<string, string>> = {
  a: 'аɑα',
  b: 'Ьƅ',
  c: 'сϲⅽ',
  d: 'ԁⅾ',
  e: 'еҽ℮',
  g: 'ɡց',
  h: 'һհ',
  i: 'іι⍳ⅰ',
  j: 'јϳ',
  k: 'κк',
  l: 'ӏⅼǀ',
  m: 'ⅿм',
  n: 'ոп',
  o: 'оοօᴏ',
  p: 'рρ',
  q: 'ԛգ',
  r: 'гᴦ',
  s: 'ѕꜱ',
  t: 'тτ',
  u: 'υսᴜ',
  v: 'νѵⅴ',
  w: 'ԝѡᴡ',
  x: 'хχⅹ',
  y: 'уγү',
  z: 'ᴢʐ',
  A: 'АΑᎪ',
  B: 'ВΒᏴ',
  C: 'СϹᏟ',
  D: 'Ꭰ',
  E: 'ЕΕᎬ',
  F: 'Ϝ',
  G: 'ԌᏀ',
  H: 'НΗᎻ',
  I: 'ІΙӀ',
  J: 'ЈᎫ',
  K: 'КΚᏦ',
  L: 'Ꮮ',
  M: 'МΜᎷ',
  N: 'Ν',
  O: 'ОΟՕ',
  P: 'РΡᏢ',
  Q: 'Ԛ',
  S: 'ЅՏᏚ',
  T: 'ТΤᎢ',
  V: 'ѴᏙ',
  W: 'ԜᎳ',
  X: 'ХΧ',
  Y: 'УΥҮ',
  Z: 'ΖᏃ',
  '3': 'ЗӠ',
  '6': 'б',
};

function table(): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [latin, others] of Object.entries(BY_LATIN)) for (const other of others) map.set(other, latin);
  // Full-width and mathematical letters: Unicode itself says which plain letter each of them is.
  const styled = [
    [0xff10, 0xff5a],
    [0x1d400, 0x1d7ff],
  ] as const;
  for (const [from, to] of styled) {
    for (let code = from; code <= to; code++) {
      const char = String.fromCodePoint(code);
      const plain = char.normalize('NFKC');
      if (/^[A-Za-z0-9]$/.test(plain)) map.set(char, plain);
    }
  }
  return map;
}

export const LOOKALIKES: ReadonlyMap<string, string> = table();

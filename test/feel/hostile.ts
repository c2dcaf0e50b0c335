// Texts made to hurt: deep, long, endless, exploding, misleading.
const around = (open: string, close: string, n: number): string => `${open.repeat(n)}1${close.repeat(n)}`;

/** Small to read and heavy to run: each ends in a value, or in an unknown that says the steps ran out. */
export const heavy: Readonly<Record<string, string>> = {
  'a thousand million turns': 'for i in 1..1000000000 return i',
  'three loops in one': 'for a in 1..1000, b in 1..1000, c in 1..1000 return a * b * c',
  'a search without end': 'some i in 1..10000000000 satisfies i < 0',
  'a text that doubles':
    '(function(f, n, s) if n = 0 then s else f(f, n - 1, s + s))(function(f, n, s) if n = 0 then s else f(f, n - 1, s + s), 60, "aaaaaaaaaa")',
  'a text of a hundred thousand parts': 'string join(for i in 1..90000 return "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")',
  'a function that calls itself': '(function(f) f(f))(function(f) f(f))',
  'lists of lists': `{a0: [1, 1], ${Array.from({ length: 40 }, (_, i) => `a${i + 1}: [a${i}, a${i}]`).join(', ')}}.a40`,
  'lists that double': `count({a0: [1, 1], ${Array.from({ length: 30 }, (_, i) => `a${i + 1}: concatenate(a${i}, a${i})`).join(', ')}}.a30)`,
  'a pattern over a long text': `matches("${'a'.repeat(9000)}!", "(a+)+$")`,
  'a pattern that multiplies': `matches("a", "${'(a?){50}'.repeat(30)}")`,
  'a power of powers': '2 ** (2 ** (2 ** 10))',
  'a power beyond numbers': '10 ** 1000000000',
  'a logarithm of a power': 'log(10 ** 5000)',
  'an exponential': 'exp(1000000000)',
  'a fraction of many digits': '(1 / 3) ** 9999',
};

/** Refused before anything runs. */
export const refused: Readonly<Record<string, string>> = {
  'brackets a hundred thousand deep': around('(', ')', 100_000),
  'brackets two hundred deep': around('(', ')', 400),
  'lists five thousand deep': around('[', ']', 5_000),
  'records in records': around('{a:', '}', 300),
  'ifs in ifs': `${'if true then '.repeat(300)}1${' else 2'.repeat(300)}`,
  'a sum of a hundred thousand': `1${'+1'.repeat(100_000)}`,
  'a name of a million letters': 'a'.repeat(1_000_000),
  'a text of a million letters': `"${'a'.repeat(1_000_000)}"`,
  'a number of a hundred thousand digits': '9'.repeat(100_000),
  'a scientific exponent': '1e999999999',
  'comments that never close': '/*'.repeat(50_000),
  'quotes that never close': '"\\'.repeat(5_000),
  'dots for ever': `1${'..1'.repeat(2_000)}`,
  'a right-to-left override': '1 + \u202e2',
  'a space nobody sees': '1 +\u200b2',
  'a power written otherwise': '2 ^ 3',
  'a power of names': 'm^" $"',
  'a zero byte': '1\u00002',
  'half a character': '"\ud800"',
  'the prototype of a record': '{a: 1}.__proto__.polluted',
  'the constructor of a record': 'constructor.constructor("return process")()',
  'a method of objects': 'toString()',
  'a getter of objects': '__defineGetter__("a", 1)',
};

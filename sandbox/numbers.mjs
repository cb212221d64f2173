// Random numbers with right check digits, and the checks themselves.
import { randomInt } from 'node:crypto';

export const pick = (list) => list[randomInt(list.length)];
const digits = (n) => Array.from({ length: n }, () => randomInt(10)).join('');

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

// GB 11643: the 18th character of a 居民身份证.
export function idCardCheck(first17) {
  const sum = ID_WEIGHTS.reduce((total, weight, i) => total + weight * Number(first17[i]), 0);
  return '10X98765432'[sum % 11];
}

// A person between 25 and 58 years old today; odd serials are men.
export function idCard(region, male = randomInt(2) === 1) {
  const birth = new Date(Date.UTC(new Date().getUTCFullYear() - 25 - randomInt(33), randomInt(12), 1 + randomInt(28)));
  const day = birth.toISOString().slice(0, 10).replaceAll('-', '');
  const serial = digits(2) + (randomInt(5) * 2 + (male ? 1 : 0));
  const body = region + day + serial;
  return body + idCardCheck(body);
}

const USCC_SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

// GB 11714: the 9th character of the organisation code.
export function organisationCheck(first8) {
  const sum = [3, 7, 9, 10, 5, 8, 4, 2].reduce((total, weight, i) => total + weight * parseInt(first8[i], 36), 0);
  return ['0', 'X', '9', '8', '7', '6', '5', '4', '3', '2', '1'][sum % 11];
}

// GB 32100: the 18th character of a 统一社会信用代码.
export function usccCheck(first17) {
  let weight = 1;
  let sum = 0;
  for (const sign of first17) {
    sum += weight * USCC_SIGNS.indexOf(sign);
    weight = (weight * 3) % 31;
  }
  return USCC_SIGNS[(31 - (sum % 31)) % 31];
}

// department: the first two characters, as 91 for an enterprise.
export function uscc(department, region) {
  const organisation = digits(8);
  const body = department + region + organisation + organisationCheck(organisation);
  return body + usccCheck(body);
}

export const mobile = () => pick(['130', '135', '136', '138', '139', '150', '158', '166', '177', '186', '189', '199']) + digits(8);

export const icp = (short) => `${short}ICP备2026${digits(6)}号-1`;

// Addresses of clouds in China: public, in no private or documentation range.
const IPV4 = [[39, 96, 39, 107], [47, 92, 47, 111], [101, 200, 101, 201], [106, 14, 106, 15], [119, 23, 119, 23], [120, 24, 120, 27], [123, 56, 123, 57]];

export function ipv4() {
  const [a, low, , high] = pick(IPV4);
  return `${a}.${low + randomInt(high - low + 1)}.${randomInt(256)}.${1 + randomInt(254)}`;
}

export function ipv6() {
  const group = () => (1 + randomInt(0xfffe)).toString(16);
  return `2408:4005:${group()}:${group()}:${group()}:${group()}:${group()}:${group()}`;
}

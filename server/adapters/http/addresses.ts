import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** IPv6 addresses that only carry an IPv4 one inside: what they lead to is decided by that. */
const CARRIERS: readonly { prefix: string; at: number }[] = [
  { prefix: '64:ff9b::/96', at: 12 },
  { prefix: '64:ff9b:1::/48', at: 12 },
  { prefix: '2002::/16', at: 2 },
  { prefix: '::/96', at: 12 },
];

/** The IPv4 address an IPv6 one stands for (mapped, NAT64, 6to4, compatible), else the address itself. */
function unwrapped(address: Address): Address {
  if (address.kind() === 'ipv4') return address;
  const six = address as ipaddr.IPv6;
  if (six.isIPv4MappedAddress()) return six.toIPv4Address();
  if (six.range() === 'loopback' || six.range() === 'unspecified') return address;
  for (const { prefix, at } of CARRIERS) {
    const [network, bits] = ipaddr.IPv6.parseCIDR(prefix);
    if (!six.match(network, bits)) continue;
    const bytes = six.toByteArray().slice(at, at + 4);
    return ipaddr.fromByteArray(bytes);
  }
  return address;
}

function isListed(address: Address, allowed: readonly string[]): boolean {
  return allowed.some((entry) => {
    if (!entry.includes('/')) {
      return ipaddr.isValid(entry) && unwrapped(ipaddr.parse(entry)).toString() === address.toString();
    }
    if (!ipaddr.isValidCIDR(entry)) return false;
    const [network, bits] = ipaddr.parseCIDR(entry);
    return network.kind() === address.kind() && address.match(network, bits);
  });
}

/**
 * Whether Holdpoint may connect to an address: a public unicast one, or one the operator listed. Loopback, private, link-local (cloud metadata),
 * carrier-grade NAT, multicast, reserved and anything unreadable are refused, in whatever notation they come.
 */
export function mayConnect(text: string, allowPrivate: readonly string[]): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = unwrapped(ipaddr.parse(text));
  return address.range() === 'unicast' || isListed(address, allowPrivate);
}

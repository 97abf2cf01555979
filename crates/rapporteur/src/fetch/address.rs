//! Which addresses a page may be fetched from.
//!
//! Whoever writes a link decides where a fetcher goes. So only what the public internet routes is connected to: IPv4
//! without the special-purpose blocks of IANA's registry, IPv6 within 2000::/3 without those blocks and without the
//! ways to write an IPv4 address in it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Blocks of IPv4: the first address, the length of the prefix in bits, and what such an address is.
const IPV4: [(Ipv4Addr, u32, &str); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, "unspecified"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "private (carrier-grade NAT)"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    // Azure hands out secrets of a machine at this public address.
    (Ipv4Addr::new(168, 63, 129, 16), 32, "private (the cloud's own)"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "reserved"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "for documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "a 6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "for benchmarks"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "for documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "for documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(255, 255, 255, 255), 32, "broadcast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

/// Blocks of IPv6, in the same form. What is in none of them and not within 2000::/3 is refused as well.
const IPV6: [(Ipv6Addr, u32, &str); 18] = [
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified"),
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, "IPv4-mapped"),
    (Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96, "IPv4-translated"),
    (Ipv6Addr::UNSPECIFIED, 96, "IPv4-compatible"),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, "NAT64"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "NAT64"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "for discarding"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, "Teredo"),
    (Ipv6Addr::new(0x2001, 2, 0, 0, 0, 0, 0, 0), 48, "for benchmarks"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "reserved"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "for documentation"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "for documentation"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "private (unique local)"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "private (site-local)"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
];

/// What keeps `ip` from being fetched from ("private", "loopback"); None if it is public.
pub fn not_public(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => IPV4.iter().find(|(net, bits, _)| same_v4(ip, *net, *bits)).map(|(_, _, what)| *what),
        IpAddr::V6(ip) => {
            let block = IPV6.iter().find(|(net, bits, _)| same_v6(ip, *net, *bits)).map(|(_, _, what)| *what);
            block.or_else(|| (ip.segments()[0] >> 13 != 1).then_some("reserved"))
        }
    }
}

fn same_v4(one: Ipv4Addr, other: Ipv4Addr, bits: u32) -> bool {
    (one.to_bits() ^ other.to_bits()).leading_zeros() >= bits
}

fn same_v6(one: Ipv6Addr, other: Ipv6Addr, bits: u32) -> bool {
    (one.to_bits() ^ other.to_bits()).leading_zeros() >= bits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and last address of each block, and their neighbours outside.
    #[test]
    fn blocks_end_where_the_registry_says() {
        let table = [
            ("0.0.0.0", true),
            ("0.255.255.255", true),
            ("1.0.0.0", false),
            ("9.255.255.255", false),
            ("10.0.0.0", true),
            ("10.255.255.255", true),
            ("11.0.0.0", false),
            ("100.63.255.255", false),
            ("100.64.0.0", true),
            ("100.127.255.255", true),
            ("100.128.0.0", false),
            ("126.255.255.255", false),
            ("127.0.0.0", true),
            ("127.255.255.255", true),
            ("128.0.0.0", false),
            ("168.63.129.15", false),
            ("168.63.129.16", true),
            ("169.253.255.255", false),
            ("169.254.169.254", true),
            ("169.255.0.0", false),
            ("172.15.255.255", false),
            ("172.16.0.0", true),
            ("172.31.255.255", true),
            ("172.32.0.0", false),
            ("192.0.0.192", true),
            ("192.0.1.0", false),
            ("192.0.2.1", true),
            ("192.88.99.1", true),
            ("192.167.255.255", false),
            ("192.168.0.0", true),
            ("192.169.0.0", false),
            ("198.17.255.255", false),
            ("198.18.0.0", true),
            ("198.19.255.255", true),
            ("198.20.0.0", false),
            ("198.51.100.7", true),
            ("203.0.113.7", true),
            ("223.255.255.255", false),
            ("224.0.0.1", true),
            ("239.255.255.255", true),
            ("240.0.0.1", true),
            ("255.255.255.255", true),
            ("93.184.216.34", false),
            ("::", true),
            ("::1", true),
            ("::2", true),
            ("::ffff:93.184.216.34", true),
            ("::ffff:0:93.184.216.34", true),
            ("::93.184.216.34", true),
            ("64:ff9b::a00:1", true),
            ("64:ff9b:1::1", true),
            ("100::1", true),
            ("1fff:ffff::1", true),
            ("2000::1", false),
            ("2001::1", true),
            ("2001:1ff:ffff::1", true),
            ("2001:200::1", false),
            ("2001:db8::1", true),
            ("2002:a00:1::1", true),
            ("2606:2800:220:1:248:1893:25c8:1946", false),
            ("3ffe:ffff::1", false),
            ("3fff::1", true),
            ("3fff:1000::1", false),
            ("4000::1", true),
            ("5f00::1", true),
            ("fbff::1", true),
            ("fc00::1", true),
            ("fd00:ec2::254", true),
            ("fe80::1", true),
            ("fec0::1", true),
            ("ff02::1", true),
        ];
        for (ip, refused) in table {
            assert_eq!(not_public(ip.parse().unwrap()).is_some(), refused, "{ip}");
        }
    }

    #[test]
    fn the_narrowest_name_is_given() {
        let named = |ip: &str| not_public(ip.parse().unwrap()).unwrap();
        assert_eq!(named("255.255.255.255"), "broadcast");
        assert_eq!(named("2001::1"), "Teredo");
        assert_eq!(named("2001:2::1"), "for benchmarks");
        assert_eq!(named("2001:10::1"), "reserved");
        assert_eq!(named("::1"), "loopback");
        assert_eq!(named("::7f00:1"), "IPv4-compatible");
    }
}

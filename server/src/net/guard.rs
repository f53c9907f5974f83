//! Which addresses may be contacted. A feed's or a registry's address is data that
//! somebody proposed: it must never lead into the operator's own network. Names are
//! resolved here and only addresses that passed reach the connector, so a name that
//! changes its mind between the check and the connection gains nothing.

use crate::config::Allowed;
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// The rules in force.
pub(super) struct Guard {
    hosts: Vec<(String, u16)>,
    nets: Vec<IpNet>,
}

/// How a request may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admitted {
    /// Its host and port were named by the operator: any address.
    Named,
    /// To what the resolver lets through.
    Guarded,
}

/// An address that may not be contacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    host: String,
    address: IpAddr,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, address } = self;
        write!(out, "`{host}` is at the private address {address}, which is not contacted; ")?;
        out.write_str("if it is yours, add `host:port` or its network to `outbound.allow`")
    }
}

impl std::error::Error for Refusal {}

impl Guard {
    pub(super) fn new(allow: Vec<Allowed>) -> Self {
        let mut guard = Self { hosts: Vec::new(), nets: Vec::new() };
        for allowed in allow {
            match allowed {
                Allowed::Host(host, port) => guard.hosts.push((host, port)),
                Allowed::Net(net) => guard.nets.push(net),
            }
        }
        guard
    }

    /// Whether a request to `url` may go out at all.
    pub(super) fn admit(&self, url: &Url) -> Result<Admitted, Refusal> {
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        if self.hosts.iter().any(|(name, port)| *name == host && Some(*port) == url.port_or_known_default()) {
            return Ok(Admitted::Named);
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            _ => return Ok(Admitted::Guarded),
        };
        // The connector resolves no literal address, so it is judged here.
        if self.lets_through(address) { Ok(Admitted::Guarded) } else { Err(Refusal { host, address }) }
    }

    fn lets_through(&self, address: IpAddr) -> bool {
        !is_private(address) || self.nets.iter().any(|net| net.contains(&address))
    }

    fn select(&self, host: &str, all: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refusal> {
        let refused = all.iter().find(|address| !self.lets_through(address.ip())).map(SocketAddr::ip);
        let good: Vec<SocketAddr> = all.into_iter().filter(|address| self.lets_through(address.ip())).collect();
        match refused {
            Some(address) if good.is_empty() => Err(Refusal { host: host.to_owned(), address }),
            _ => Ok(good),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Self { hosts: Vec::new(), nets: self.nets.clone() };
        Box::pin(async move {
            let all = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let good = guard.select(name.as_str(), all)?;
            Ok(Box::new(good.into_iter()) as Addrs)
        })
    }
}

/// Networks that are not the public internet: loopback, private, link-local (with
/// the metadata services of clouds), shared, documentation, benchmark, multicast and
/// reserved ones (IANA special-purpose address registries).
const PRIVATE_V4: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // The metadata and wire service of one cloud, on a public-looking address.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// Whether an address is on none of the public networks.
pub(super) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => private_v4(address),
        IpAddr::V6(address) => private_v6(address),
    }
}

fn private_v4(address: Ipv4Addr) -> bool {
    PRIVATE_V4.iter().any(|(start, bits)| (u32::from(address) ^ u32::from(*start)).leading_zeros() >= u32::from(*bits))
}

fn private_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let embedded = |high: u16, low: u16| private_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match [a, b, c, d, e, f] {
        // Unspecified, loopback and the old way to write IPv4 in IPv6.
        [0, 0, 0, 0, 0, 0] => true,
        [0, 0, 0, 0, 0, 0xffff] => embedded(g, h),
        // Translated to IPv4 on the way (RFC 6052), here and at a site.
        [0x64, 0xff9b, 0, 0, 0, 0] => embedded(g, h),
        [0x64, 0xff9b, 1, ..] => true,
        // 6to4 carries an IPv4 address, Teredo an obfuscated one.
        [0x2002, high, low, ..] => embedded(high, low),
        [0x2001, 0, ..] => true,
        [0x2001, 0xdb8, ..] => true,
        // Everything that is global unicast begins with 001: not fc00::/7, fe80::/10, fec0::/10, ff00::/8.
        _ => a & 0xe000 != 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Allowed;

    #[test]
    fn only_public_addresses_are_public() {
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.9.9.9",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001:0:1::",
        ] {
            assert!(is_private(address.parse().expect(address)), "{address}");
        }
        for address in
            ["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]
        {
            assert!(!is_private(address.parse().expect(address)), "{address}");
        }
    }

    fn guard(allow: &[Allowed]) -> Guard {
        Guard::new(allow.to_vec())
    }

    #[test]
    fn an_allowed_host_is_allowed_on_its_port_only() {
        let guard = guard(&[Allowed::Host("127.0.0.1".into(), 8080), Allowed::Host("::1".into(), 443)]);
        for (url, admitted) in [
            ("http://127.0.0.1:8080/", Some(Admitted::Named)),
            ("http://127.0.0.1/", None),
            ("https://[::1]/", Some(Admitted::Named)),
            ("http://[::1]/", None),
            ("http://2130706433/", None),
            ("http://0x7f.1/", None),
            ("http://feed.example/", Some(Admitted::Guarded)),
        ] {
            assert_eq!(guard.admit(&Url::parse(url).expect(url)).ok(), admitted, "{url}");
        }
    }

    #[test]
    fn private_addresses_of_a_name_are_left_out_and_none_is_a_refusal() {
        let guard = guard(&[Allowed::Net("10.1.0.0/16".parse().expect("a network"))]);
        let select = |all: &[&str]| {
            let all = all.iter().map(|ip| SocketAddr::new(ip.parse().expect(ip), 0)).collect();
            guard.select("feed.example", all).map(|good| good.len())
        };
        assert_eq!(select(&["1.1.1.1", "10.1.2.3", "127.0.0.1"]), Ok(2));
        assert!(select(&["127.0.0.1", "10.2.0.1"]).is_err());
        assert_eq!(select(&[]), Ok(0));
    }
}

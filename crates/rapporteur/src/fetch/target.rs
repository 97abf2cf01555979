//! What can be told of an address before anybody is asked for it.
//!
//! The URL standard of browsers (WHATWG) takes the address apart, so that `0x7f.1`, `2130706433`, `①②⑦.0.0.1` and
//! `127.0.0.1.` are the IPv4 address that they would be elsewhere too. Names are checked when they have become
//! addresses, in `wire`.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use super::address::not_public;
use super::error::Reason;

/// The ports of a public host that are asked: those of the web, and their usual seconds.
pub const PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// The longest address that is fetched, in bytes.
const MAX_URL: usize = 8192;

/// Where the fetcher may go besides public hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Any address and any port, be it private or the machine's own.
    pub private: bool,
    /// Single addresses with their ports that are not public, and yet may be asked.
    pub also: Vec<SocketAddr>,
}

impl Reach {
    /// Whether this address may be connected to; else what it is.
    pub(super) fn check(&self, address: SocketAddr) -> Result<(), Reason> {
        if self.private || self.also.contains(&address) {
            return Ok(());
        }
        match not_public(address.ip()) {
            Some(kind) => Err(Reason::NotPublic { what: format!("address {}", address.ip()), kind }),
            None => Ok(()),
        }
    }

    fn has_port(&self, port: u16) -> bool {
        self.private || PORTS.contains(&port) || self.also.iter().any(|address| address.port() == port)
    }
}

/// The address as it is asked for: without its fragment.
pub(super) fn parse(text: &str) -> Result<Url, Reason> {
    if text.len() > MAX_URL {
        return Err(Reason::Address(format!("an address of more than {MAX_URL} bytes")));
    }
    let mut url = Url::parse(text.trim()).map_err(|error| Reason::Address(format!("no address: {error}")))?;
    url.set_fragment(None);
    Ok(url)
}

/// Where a redirect from `url` leads.
pub(super) fn joined(url: &Url, location: &str) -> Result<Url, Reason> {
    let mut next = url
        .join(location.trim())
        .map_err(|error| Reason::Redirect(format!("a redirect to what is no address: {error}")))?;
    next.set_fragment(None);
    Ok(next)
}

/// Refuses what is not of the public web by its address alone.
pub(super) fn check(url: &Url, reach: &Reach) -> Result<(), Reason> {
    if url.as_str().len() > MAX_URL {
        return Err(Reason::Address(format!("an address of more than {MAX_URL} bytes")));
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Reason::Address(format!("{:?} is neither http nor https", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Reason::Address("an address with a user name in it is not fetched".to_owned()));
    }
    let port = url.port_or_known_default().unwrap_or_default();
    match url.host() {
        Some(Host::Ipv4(ip)) => reach.check((IpAddr::V4(ip), port).into())?,
        Some(Host::Ipv6(ip)) => reach.check((IpAddr::V6(ip), port).into())?,
        // Behind a proxy nobody would look what it stands for.
        Some(Host::Domain(name)) if !reach.private && is_own_name(name) => {
            return Err(Reason::NotPublic { what: format!("the name {name}"), kind: "the machine's own" });
        }
        Some(Host::Domain(_)) => {}
        None => return Err(Reason::Address("no address: empty host".to_owned())),
    }
    if !reach.has_port(port) {
        return Err(Reason::NotPublic { what: format!("port {port}"), kind: "none of the web (80, 443, 8080, 8443)" });
    }
    Ok(())
}

/// RFC 6761: `localhost` and all names under it.
fn is_own_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name == "localhost" || name.ends_with(".localhost")
}

//! One request and its answer, by ureq. All that is ureq's is in this file.
//!
//! A name is looked up once for each connection; what is not public is struck from the answer, and the connection is
//! made to what is left. So there is no moment between check and use at which a name server could change its mind.
//!
//! Through a proxy it is the proxy that looks names up, and what it lets through is its affair; only addresses in
//! numbers are still refused here. The proxy's own address is exempt from the check, which private ones mostly need,
//! and for that no page is fetched from the proxy's own host and port.

use std::fmt;
use std::io::{self, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use ureq::http::{HeaderMap, HeaderValue, Response, Uri, header};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport};
use ureq::{Agent, Body, BodyReader, Proxy, Timeout};
use url::Url;

use super::error::Reason;
use super::target::Reach;
use super::{Options, Via};

/// Looks up the addresses of a host, with this port: what the system does for `(host, port)`.
pub type Lookup = Arc<dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync>;

/// So many addresses of a host are tried at most; ureq keeps no more.
const MAX_ADDRESSES: usize = 16;

/// Sends requests.
#[derive(Debug)]
pub(super) struct Wire {
    agent: Agent,
    times: Times,
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
struct Times {
    connect: Duration,
    read: Duration,
    total: Duration,
}

/// An answer, its body still to be read.
pub(super) struct Answered {
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) body: Incoming,
}

/// The body of an answer as it was sent.
pub(super) struct Incoming {
    body: BodyReader<'static>,
    times: Times,
}

impl Wire {
    pub(super) fn new(options: &Options) -> Result<Self, Reason> {
        HeaderValue::from_str(&options.user_agent)
            .map_err(|_| Reason::Options(format!("{:?} can't be the name of a user agent", options.user_agent)))?;
        let times = Times { connect: options.connect, read: options.read, total: options.deadline };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .proxy(proxy(&options.via)?)
            .user_agent(&options.user_agent)
            .accept("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8")
            .accept_encoding("gzip, br, deflate")
            .timeout_resolve(Some(times.connect))
            .timeout_connect(Some(times.connect))
            .timeout_per_read(Some(times.read))
            .timeout_per_write(Some(times.read))
            .build();
        let resolver = Checked { lookup: options.lookup.clone(), reach: options.reach.clone() };
        let agent = Agent::with_parts(config, DefaultConnector::default().chain(Strict), resolver);
        Ok(Wire { agent, times })
    }

    /// Asks for `url`; all of it, the body too, has to be over in `left`.
    pub(super) fn get(&self, url: &Url, headers: &[(&str, &str)], left: Duration) -> Result<Answered, Reason> {
        if left.is_zero() {
            return Err(Reason::TimedOut(self.times.total));
        }
        let uri: Uri = url.as_str().parse().map_err(|error| Reason::Address(format!("no address: {error}")))?;
        if self.agent.config().proxy().is_some_and(|proxy| is_at(proxy, url)) {
            return Err(Reason::Address("this is the proxy itself".to_owned()));
        }
        let mut request = self.agent.get(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.config().timeout_global(Some(left)).build().call();
        answer.map(|answer| self.answered(answer)).map_err(|error| reason(error, self.times))
    }

    fn answered(&self, answer: Response<Body>) -> Answered {
        let (head, body) = answer.into_parts();
        let body = Incoming { body: body.into_reader(), times: self.times };
        Answered { status: head.status.as_u16(), headers: head.headers, body }
    }
}

impl Answered {
    /// The value of a header, whatever its bytes; several lines of it as one, with commas between.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self.headers.get_all(name).iter().map(text).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The number of bytes that the body is said to have, as sent.
    pub(super) fn n_bytes(&self) -> Option<u64> {
        text(self.headers.get(header::CONTENT_LENGTH)?).trim().parse().ok()
    }
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body.read(buffer)
    }
}

impl Incoming {
    /// What an error of reading means.
    pub(super) fn reason(&self, error: io::Error) -> Reason {
        reason(error.into(), self.times)
    }
}

fn proxy(via: &Via) -> Result<Option<Proxy>, Reason> {
    let proxy = match via {
        Via::Direct => None,
        Via::Environment => Proxy::try_from_env(),
        Via::Proxy(address) => Some(
            Proxy::new(address).map_err(|error| Reason::Options(format!("the proxy {address:?} is none: {error}")))?,
        ),
    };
    match proxy {
        // ureq would go without it.
        Some(proxy) if !matches!(proxy.protocol(), ureq::ProxyProtocol::Http | ureq::ProxyProtocol::Https) => {
            Err(Reason::Options(format!("the proxy {} is not of HTTP, and no others are used", proxy.uri())))
        }
        proxy => Ok(proxy),
    }
}

/// Whether `url` is at the proxy's own host and port.
fn is_at(proxy: &Proxy, url: &Url) -> bool {
    let same_host = url.host_str().is_some_and(|host| host.trim_end_matches('.').eq_ignore_ascii_case(proxy.host()));
    same_host && url.port_or_known_default() == Some(proxy.port())
}

/// Looks names up, and lets pass what may be connected to.
struct Checked {
    lookup: Lookup,
    reach: Reach,
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked").field("reach", &self.reach).finish_non_exhaustive()
    }
}

impl Resolver for Checked {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default();
        let is_https = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        let found = self.found(host, port, timeout)?;
        let is_proxy = config.proxy().is_some_and(|proxy| proxy.uri().authority() == uri.authority());
        let mut passed = self.empty();
        let mut refused = None;
        for address in found {
            match self.reach.check(address) {
                Err(reason) if !is_proxy => refused = refused.or(Some(reason)),
                _ if passed.len() < MAX_ADDRESSES => passed.push(address),
                _ => {}
            }
        }
        if passed.is_empty() {
            let reason = refused.unwrap_or_else(|| Reason::NoSuchHost("it has none".to_owned()));
            return Err(ours(reason));
        }
        Ok(passed)
    }
}

impl Checked {
    /// A name server may take its time, and there is no way to call a lookup off: it is left behind.
    fn found(&self, host: &str, port: u16, timeout: NextTimeout) -> Result<Vec<SocketAddr>, ureq::Error> {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if let Ok(ip) = bare.parse() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        let (give, answer) = sync_channel(1);
        let (lookup, name) = (self.lookup.clone(), host.to_owned());
        thread::Builder::new().spawn(move || give.send(lookup(&name, port)))?;
        match answer.recv_timeout(*timeout.after) {
            Ok(found) => found.map_err(|error| ours(Reason::NoSuchHost(plain(&error)))),
            Err(RecvTimeoutError::Timeout) => Err(ureq::Error::Timeout(timeout.reason)),
            Err(RecvTimeoutError::Disconnected) => Err(ours(Reason::NoSuchHost("the lookup failed".to_owned()))),
        }
    }
}

/// Looks a name up as the system does.
pub(super) fn by_system(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    (host, port).to_socket_addrs().map(Iterator::collect)
}

/// A reason of ours on its way through ureq.
#[derive(Debug)]
struct Ours(Reason);

impl fmt::Display for Ours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Ours {}

fn ours(reason: Reason) -> ureq::Error {
    ureq::Error::Other(Box::new(Ours(reason)))
}

/// What ureq's error means.
fn reason(error: ureq::Error, times: Times) -> Reason {
    use ureq::Error;
    match error {
        Error::Other(error) => match error.downcast::<Ours>() {
            Ok(ours) => ours.0,
            Err(error) => Reason::Connect(error.to_string()),
        },
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => Reason::TimedOut(times.connect),
        Error::Timeout(Timeout::PerRead | Timeout::PerWrite) => Reason::TimedOut(times.read),
        Error::Timeout(_) => Reason::TimedOut(times.total),
        Error::Io(error) => of_io(&error, times),
        Error::Rustls(error) => Reason::Tls(error.to_string()),
        Error::Tls(error) => Reason::Tls(error.to_owned()),
        Error::ConnectProxyFailed(why) => Reason::Connect(format!("the proxy: {why}")),
        Error::LargeResponseHeader(_, limit) => Reason::NotHttp(format!("headers of more than {limit} bytes")),
        Error::HostNotFound => Reason::NoSuchHost("it has none".to_owned()),
        Error::Protocol(error) => Reason::NotHttp(format!("the answer is no proper HTTP: {error}")),
        error => Reason::NotHttp(error.to_string()),
    }
}

fn of_io(error: &io::Error, times: Times) -> Reason {
    match error.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => Reason::Cut,
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Reason::TimedOut(times.read),
        // How rustls reports what it does not accept.
        io::ErrorKind::InvalidData => Reason::Tls(error.to_string()),
        _ => Reason::Connect(plain(error)),
    }
}

/// Without what the system's number is, and what the lookup says first.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    text.trim_start_matches("failed to lookup address information: ").to_lowercase()
}

/// ureq takes a reset for the end of a body whose length nobody told, and over TLS a connection that was cut. This
/// makes either an error.
#[derive(Debug)]
struct Strict;

impl<In: Transport> Connector<In> for Strict {
    type Out = StrictTransport<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        Ok(chained.map(StrictTransport))
    }
}

#[derive(Debug)]
struct StrictTransport<In>(In);

impl<In: Transport> Transport for StrictTransport<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.0.await_input(timeout).map_err(|error| match error {
            ureq::Error::Io(error) if is_cut(error.kind()) => ours(Reason::Cut),
            error => error,
        })
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

fn is_cut(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted)
}

//! Which pages of a site a robot may fetch: robots.txt (RFC 9309).
//!
//! Groups of one agent are taken together; the rule with the longest pattern decides, and `Allow` between two that are
//! as long. Spellings that Google's parser forgives are forgiven. Lines that mean something else don't end a group.
//!
//! ```
//! let robots = rapporteur_extract::robots::parse(b"User-agent: *\nDisallow: /search\nCrawl-delay: 2");
//! assert!(robots.allows("Rapporteur/0.1", "/2022/03/16/talks") && !robots.allows("Rapporteur/0.1", "/search?q=talks"));
//! ```

use std::time::Duration;

use memchr::memmem;

/// At most so many bytes are read, as the standard wants at least.
pub const MAX_BYTES: usize = 500 << 10;

/// A robots.txt that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    groups: Vec<Group>,
    sitemaps: Vec<String>,
    /// How many bytes were beyond [`MAX_BYTES`] and weren't read.
    n_unread: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Group {
    /// Product tokens in lower case; `*` is everybody.
    agents: Vec<String>,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allows: bool,
    /// In the form of [`normal`], `*` and a last `$` as they are.
    pattern: Vec<u8>,
}

/// What a line is.
#[derive(Clone, Copy)]
enum Key {
    Agent,
    Rule(bool),
    Delay,
    Sitemap,
}

/// Reads a robots.txt; anything can be read, and what is no line of it says nothing.
pub fn parse(bytes: &[u8]) -> Robots {
    let read = &bytes[..bytes.len().min(MAX_BYTES)];
    let mut robots = Robots { n_unread: bytes.len() - read.len(), ..Robots::default() };
    let text = read.strip_prefix(b"\xef\xbb\xbf").unwrap_or(read);
    let mut names_agents = false;
    for line in text.split(|&byte| byte == b'\n' || byte == b'\r') {
        let Some((key, value)) = key_and_value(line) else { continue };
        match key {
            Key::Agent => {
                if !names_agents {
                    robots.groups.push(Group::default());
                }
                names_agents = true;
                robots.add_agent(value);
            }
            Key::Rule(allows) => {
                names_agents = false;
                robots.add_rule(allows, value);
            }
            Key::Delay => robots.set_delay(value),
            Key::Sitemap => robots.sitemaps.push(String::from_utf8_lossy(value).into_owned()),
        }
    }
    robots
}

impl Robots {
    /// Whether an agent may fetch a page.
    ///
    /// `agent` is a product token, or a `User-Agent` that begins with one; `path` is path and query, or a whole URL.
    pub fn allows(&self, agent: &str, path: &str) -> bool {
        let path = normal(path_of(path).as_bytes(), true);
        if path == b"/robots.txt" {
            return true;
        }
        let rules = self.groups_of(agent).flat_map(|group| &group.rules).filter(|rule| matches(&rule.pattern, &path));
        rules.max_by_key(|rule| (rule.pattern.len(), rule.allows)).is_none_or(|rule| rule.allows)
    }

    /// How long an agent is to wait between two fetches; the longest that its groups say.
    pub fn crawl_delay(&self, agent: &str) -> Option<Duration> {
        self.groups_of(agent).filter_map(|group| group.delay).max()
    }

    /// The sitemaps that are named, in their order, as they are written.
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    /// How many bytes at the end weren't read because of [`MAX_BYTES`].
    pub fn n_unread(&self) -> usize {
        self.n_unread
    }

    /// The groups of an agent by name, or else those of everybody.
    fn groups_of(&self, agent: &str) -> impl Iterator<Item = &Group> {
        let token = product_token(agent.as_bytes());
        let named = !token.is_empty() && self.groups.iter().any(|group| group.agents.contains(&token));
        let wanted = if named { token } else { "*".to_owned() };
        self.groups.iter().filter(move |group| group.agents.contains(&wanted))
    }

    fn add_agent(&mut self, value: &[u8]) {
        let Some(group) = self.groups.last_mut() else { return };
        let is_all = value == b"*" || value.starts_with(b"*") && value[1].is_ascii_whitespace();
        let agent = if is_all { "*".to_owned() } else { product_token(value) };
        if !agent.is_empty() && !group.agents.contains(&agent) {
            group.agents.push(agent);
        }
    }

    /// A rule before any agent is nobody's; an empty one says nothing.
    fn add_rule(&mut self, allows: bool, value: &[u8]) {
        if let Some(group) = self.groups.last_mut()
            && !value.is_empty()
        {
            group.rules.push(Rule { allows, pattern: normal(value, false) });
        }
    }

    fn set_delay(&mut self, value: &[u8]) {
        let seconds = String::from_utf8_lossy(value).parse().ok();
        let delay = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        if let Some(group) = self.groups.last_mut() {
            group.delay = group.delay.max(delay);
        }
    }
}

/// What a line says; a comment goes, and a colon may be missing where only white space could be meant.
fn key_and_value(line: &[u8]) -> Option<(Key, &[u8])> {
    let line = line.split(|&byte| byte == b'#').next().unwrap_or_default().trim_ascii();
    let (key, value) = match line.iter().position(|&byte| byte == b':') {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => {
            let (key, value) = line.split_at(line.iter().position(u8::is_ascii_whitespace)?);
            let value = value.trim_ascii();
            (!value.iter().any(u8::is_ascii_whitespace)).then_some((key, value))?
        }
    };
    let key = match key.trim_ascii().to_ascii_lowercase().as_slice() {
        b"user-agent" | b"useragent" | b"user agent" => Key::Agent,
        b"allow" => Key::Rule(true),
        b"disallow" | b"dissallow" | b"dissalow" | b"disalow" | b"diasllow" | b"disallaw" => Key::Rule(false),
        b"crawl-delay" | b"crawldelay" => Key::Delay,
        b"sitemap" | b"site-map" => Key::Sitemap,
        _ => return None,
    };
    Some((key, value.trim_ascii()))
}

/// The letters, `-` and `_` at the beginning, in lower case: `examplebot` of "ExampleBot/2.1".
fn product_token(agent: &[u8]) -> String {
    let is_part = |byte: &&u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
    agent.iter().take_while(is_part).map(|&byte| char::from(byte.to_ascii_lowercase())).collect()
}

/// Path and query of a URL, or of what is only these.
fn path_of(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let is_scheme = |scheme: &str| !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let rest = match url.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => rest.find(['/', '?']).map_or("", |at| &rest[at..]),
        _ => url,
    };
    if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") }
}

/// One spelling for what is the same: letters that needn't be encoded aren't, others are, in capitals.
///
/// `*` and `$` of a path, and a `$` within a pattern, stand for themselves and are encoded. In a query, `:` and `/` may
/// be written either way.
fn normal(path: &[u8], is_path: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    let (mut at, mut in_query) = (0, false);
    while at < path.len() {
        let byte = path[at];
        in_query |= byte == b'?';
        let encoded = (byte == b'%').then(|| hex(path.get(at + 1..at + 3)?)).flatten();
        let is_mark = byte == b'*' && !is_path || byte == b'$' && !is_path && at + 1 == path.len();
        match encoded {
            Some(value) if value.is_ascii_alphanumeric() || b"-._~".contains(&value) => out.push(value),
            Some(value @ (b':' | b'/')) if in_query => out.push(value),
            Some(value) => push_encoded(&mut out, value),
            None if is_mark => out.push(byte),
            None if !byte.is_ascii_graphic() || matches!(byte, b'*' | b'$') => push_encoded(&mut out, byte),
            None => out.push(byte),
        }
        at += if encoded.is_some() { 3 } else { 1 };
    }
    out
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match digits {
        &[high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
        _ => None,
    }
}

fn push_encoded(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(format!("%{byte:02X}").as_bytes());
}

/// Whether a pattern fits the beginning of a path, or all of it if it ends with `$`.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, whole) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split(|&byte| byte == b'*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let pieces: Vec<&[u8]> = pieces.collect();
    let Some((last, between)) = pieces.split_last() else { return !whole || rest.is_empty() };
    for piece in between {
        match memmem::find(rest, piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    if whole { rest.ends_with(last) } else { memmem::find(rest, last).is_some() }
}

#[cfg(test)]
mod tests;

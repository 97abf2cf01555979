//! Names of elements: what each means to the builder, and a number by which two of one page are told apart.

use std::hash::Hasher;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHasher};
use web_atoms::LocalName;

macro_rules! kinds {
    ($($kind:ident $name:literal),* $(,)?) => {
        /// An element that HTML knows, or `Other`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind { $($kind,)* Other }

        const KINDS: &[(&str, Kind)] = &[$(($name, Kind::$kind),)*];
    };
}

kinds! {
    A "a", Abbr "abbr", Address "address", Applet "applet", Area "area", Article "article", Aside "aside", B "b", Base "base",
    Basefont "basefont", Bgsound "bgsound", Blockquote "blockquote", Body "body", Br "br", Button "button",
    Caption "caption", Center "center", Code "code", Col "col", Colgroup "colgroup", Dd "dd", Details "details", Dialog "dialog",
    Dir "dir", Div "div", Dl "dl", Dt "dt", Em "em", Embed "embed", Fieldset "fieldset", Figcaption "figcaption",
    Figure "figure", Font "font", Footer "footer", Form "form", Frame "frame", Frameset "frameset", H1 "h1", H2 "h2",
    H3 "h3", H4 "h4", H5 "h5", H6 "h6", Head "head", Header "header", Hgroup "hgroup", Hr "hr", Html "html", I "i",
    Iframe "iframe", Image "image", Img "img", Input "input", Keygen "keygen", Label "label", Li "li", Link "link",
    Listing "listing", Main "main", Marquee "marquee", Math "math", Menu "menu", Meta "meta", Nav "nav",
    Noembed "noembed", Noframes "noframes", Noscript "noscript", Object "object", Ol "ol", Optgroup "optgroup",
    Option "option", P "p", Param "param", Picture "picture", Plaintext "plaintext", Pre "pre", Rb "rb", Rp "rp", Rt "rt", Rtc "rtc",
    Ruby "ruby", Script "script", Search "search", Section "section", Select "select", Source "source", Span "span",
    Strong "strong", Style "style", Summary "summary", Svg "svg", Table "table", Tbody "tbody", Td "td",
    Template "template", Textarea "textarea", Tfoot "tfoot", Th "th", Thead "thead", Time "time", Title "title", Tr "tr",
    Track "track", U "u", Ul "ul", Wbr "wbr", Xmp "xmp",
}

impl Kind {
    /// Whether the standard calls it special: an end tag of another name does not close it.
    pub(super) fn is_special(self) -> bool {
        !matches!(
            self,
            Kind::A
                | Kind::Abbr
                | Kind::B
                | Kind::Code
                | Kind::Dialog
                | Kind::Em
                | Kind::Font
                | Kind::I
                | Kind::Image
                | Kind::Label
                | Kind::Math
                | Kind::Optgroup
                | Kind::Option
                | Kind::Picture
                | Kind::Rb
                | Kind::Rp
                | Kind::Rt
                | Kind::Rtc
                | Kind::Ruby
                | Kind::Span
                | Kind::Strong
                | Kind::Svg
                | Kind::Time
                | Kind::U
                | Kind::Other
        )
    }

    /// Whether its end tag may be left out before another's.
    pub(super) fn is_implied(self) -> bool {
        matches!(
            self,
            Kind::Dd
                | Kind::Dt
                | Kind::Li
                | Kind::Optgroup
                | Kind::Option
                | Kind::P
                | Kind::Rb
                | Kind::Rp
                | Kind::Rt
                | Kind::Rtc
        )
    }

    pub(super) fn is_heading(self) -> bool {
        HEADINGS.contains(&self)
    }

    pub(super) fn is_row_group(self) -> bool {
        matches!(self, Kind::Tbody | Kind::Tfoot | Kind::Thead)
    }

    /// Whether only parts of a table may stand in it.
    pub(super) fn is_table_frame(self) -> bool {
        self == Kind::Table || self == Kind::Tr || self.is_row_group()
    }

    /// Whether it has neither content nor end tag.
    pub(super) fn is_void(self) -> bool {
        matches!(
            self,
            Kind::Area
                | Kind::Base
                | Kind::Basefont
                | Kind::Bgsound
                | Kind::Br
                | Kind::Col
                | Kind::Embed
                | Kind::Frame
                | Kind::Hr
                | Kind::Image
                | Kind::Img
                | Kind::Input
                | Kind::Keygen
                | Kind::Link
                | Kind::Meta
                | Kind::Param
                | Kind::Source
                | Kind::Track
                | Kind::Wbr
        )
    }

    /// Whether its content is no markup.
    pub(super) fn is_raw(self) -> bool {
        matches!(
            self,
            Kind::Iframe
                | Kind::Noembed
                | Kind::Noframes
                | Kind::Script
                | Kind::Style
                | Kind::Textarea
                | Kind::Title
                | Kind::Xmp
        )
    }
}

pub(super) const HEADINGS: [Kind; 6] = [Kind::H1, Kind::H2, Kind::H3, Kind::H4, Kind::H5, Kind::H6];

/// A name as the builder knows it.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) kind: Kind,
    /// Two names of a page are the same where this is.
    pub(super) slot: u32,
    pub(super) local: LocalName,
}

/// The first slot of names that HTML does not know.
pub(super) const OTHERS: usize = KINDS.len();

/// So many names that HTML does not know are told apart; all others of a page are one.
const MOST_OTHERS: usize = 1000;

/// What is short enough is its own key.
const PACKED: usize = 7;

static KNOWN: LazyLock<FxHashMap<u64, Name>> = LazyLock::new(|| {
    let names = KINDS
        .iter()
        .map(|&(name, kind)| (key(name.as_bytes()), Name { kind, slot: kind as u32, local: LocalName::from(name) }));
    names.collect()
});

/// The names of a page.
pub(super) struct Names {
    known: &'static FxHashMap<u64, Name>,
    others: FxHashMap<u64, Name>,
}

impl Names {
    pub(super) fn new() -> Self {
        Names { known: &KNOWN, others: FxHashMap::default() }
    }

    /// The name as it stands in a tag, in whatever case.
    pub(super) fn get(&mut self, written: &str) -> Name {
        let key = key(written.as_bytes());
        if let Some(name) = self.known.get(&key)
            && (written.len() <= PACKED || written.eq_ignore_ascii_case(&name.local))
        {
            return name.clone();
        }
        let n_others = self.others.len();
        if n_others >= MOST_OTHERS && !self.others.contains_key(&key) {
            return Name { kind: Kind::Other, slot: (OTHERS + MOST_OTHERS) as u32, local: unknown() };
        }
        let new = || Name {
            kind: Kind::Other,
            slot: (OTHERS + n_others) as u32,
            local: LocalName::from(written.to_ascii_lowercase()),
        };
        self.others.entry(key).or_insert_with(new).clone()
    }

    /// The name of an element that HTML knows.
    pub(super) fn of(&self, kind: Kind) -> Name {
        let (name, _) = KINDS[kind as usize];
        self.known[&key(name.as_bytes())].clone()
    }
}

/// All names beyond so many. To intern a name takes a lock, so that a page may do so only so often.
fn unknown() -> LocalName {
    LocalName::from("x-other")
}

/// A number for a name in whatever case: the bytes themselves where they fit, else a hash.
fn key(name: &[u8]) -> u64 {
    if name.len() <= PACKED {
        let packed = name.iter().fold(0, |all, byte| all << 8 | u64::from(byte.to_ascii_lowercase()));
        return packed | (name.len() as u64) << 56;
    }
    let mut hasher = FxHasher::default();
    for byte in name {
        hasher.write_u8(byte.to_ascii_lowercase());
    }
    hasher.finish() | 1 << 63
}

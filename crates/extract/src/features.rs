//! What is known of a block when it is decided whether it is the article's: numbers, for the trees of `keep`.
//!
//! None is of a site: they say what a block is, what stands around it, and how much of the page looks as it does.

use memchr::memmem;
use rapporteur_record::BlockKind;
use web_atoms::{LocalName, local_name};

use crate::blocks::Block;
use crate::body::{Around, Verdict};
use crate::survey::{ABOVE, Survey, WITNESS_KEY};
use crate::tables::Hints;
use crate::text;
use crate::tree::NONE;

/// What each number is, in their order.
pub(crate) const NAMES: [&str; 96] = [
    "verdict",
    "n_words",
    "kind",
    "level",
    "n_chars",
    "links",
    "sentence",
    "upper",
    "digits",
    "colon",
    "question",
    "at",
    "copyright",
    "bar",
    "address",
    "lower_start",
    "commas",
    "quotes",
    "ellipsis",
    "dash",
    "lines",
    "bold",
    "italic",
    "own_drop",
    "own_comments",
    "own_body",
    "own_caption",
    "own_standfirst",
    "own_byline",
    "own_date",
    "tag",
    "aside",
    "figure",
    "table",
    "blockquote",
    "header",
    "footer",
    "nav",
    "form",
    "list",
    "anchor",
    "section",
    "article",
    "above_drop",
    "above_comments",
    "above_caption",
    "above_body",
    "drop_distance",
    "depth",
    "core_up",
    "core_down",
    "title_up",
    "title_down",
    "article_share",
    "title_article",
    "own_mass",
    "parent_share",
    "parent_mass",
    "parent_links",
    "above_mass",
    "look_share",
    "look_count",
    "look_words",
    "look_links",
    "outer_share",
    "outer_count",
    "outer_words",
    "outer_links",
    "container_share",
    "place",
    "from_end",
    "before",
    "since_title",
    "n_tops",
    "heading_verdict",
    "heading_level",
    "heading_since",
    "before_words",
    "before_links",
    "before_verdict",
    "before_kind",
    "before_same",
    "after_words",
    "after_links",
    "after_verdict",
    "after_kind",
    "after_same",
    "before2_words",
    "before2_links",
    "after2_words",
    "after2_links",
    "witness",
    "repeats",
    "title_words",
    "total",
    "n_blocks",
];

/// The numbers of one block, in the order of [`NAMES`].
pub(crate) type Features = [f32; NAMES.len()];

/// Numbers as they are put together.
struct Row {
    numbers: Features,
    n: usize,
}

impl Row {
    fn push(&mut self, number: f32) {
        self.numbers[self.n] = number;
        self.n += 1;
    }

    fn extend(&mut self, numbers: impl IntoIterator<Item = f32>) {
        numbers.into_iter().for_each(|number| self.push(number));
    }
}

impl Survey<'_> {
    /// The numbers of the block at that place.
    pub(crate) fn features(&self, at: usize) -> Features {
        let block = &self.around.layout.blocks[at];
        let mut out = Row { numbers: [0.0; NAMES.len()], n: 0 };
        out.push(verdict(self.verdicts[at]));
        self.push_text(&mut out, at, block);
        self.push_elements(&mut out, block);
        self.push_tree(&mut out, block);
        self.push_looks(&mut out, at);
        self.push_place(&mut out, at);
        self.push_heading(&mut out, at);
        self.push_neighbour(&mut out, at, at.checked_sub(1));
        self.push_neighbour(&mut out, at, Some(at + 1));
        self.push_second(&mut out, at.checked_sub(2));
        self.push_second(&mut out, Some(at + 2));
        self.push_page(&mut out, at, block);
        out.numbers
    }

    fn push_text(&self, out: &mut Row, at: usize, block: &Block) {
        let (text, n_words, found) = (&block.text, block.n_words as f32, Found::new(&block.text));
        let n_bytes = text.len().max(1) as f32;
        out.extend([n_words, kind(block), f32::from(block.level), (text.len() as f32).ln_1p(), self.facts[at].link]);
        out.push(flag(text::ends_sentence(text)));
        out.extend([found.n_upper / found.n_letters.max(1.0), found.n_digits / n_bytes]);
        out.extend([flag(text.ends_with(':')), flag(text.ends_with('?'))]);
        out.extend([found.at, found.copyright, found.bar].map(flag));
        let address = ["http", "www."].iter().any(|start| memmem::find(text.as_bytes(), start.as_bytes()).is_some());
        out.push(flag(address));
        out.push(flag(text.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase)));
        out.extend([found.n_commas / n_words.max(1.0), flag(found.quotes)]);
        out.push(flag(text.ends_with("...") || text.ends_with('…')));
        out.push(flag(text.starts_with(['-', '–', '—', '•', '*', '>', '→', '►', '▶', '+', '(', '['])));
        out.push(found.n_lines);
        out.extend([block.n_bold, block.n_italic].map(|n| (n as f32 / n_bytes).min(1.0)));
    }

    fn push_elements(&self, out: &mut Row, block: &Block) {
        let own = self.around.layout.hints[block.node as usize];
        let hints =
            [Hints::DROP, Hints::COMMENTS, Hints::BODY, Hints::CAPTION, Hints::STANDFIRST, Hints::BYLINE, Hints::DATE];
        out.extend(hints.map(|hint| flag(own.has(hint))));
        out.push(tag(&self.around.tree.name(block.node)));
        let place = &self.places[block.node as usize];
        out.extend((0..ABOVE).map(|what| flag(place.has(what))));
        out.push(f32::from(place.to_drop));
        out.push(if place.inside { f32::from(place.depth) } else { -1.0 });
    }

    fn push_tree(&self, out: &mut Row, block: &Block) {
        let place = &self.places[block.node as usize];
        out.extend([place.core.0, place.core.1, place.title.0, place.title.1].map(f32::from));
        let whole = self.around.layout.total().max(1.0);
        let mass = |id| if id == NONE { -1.0 } else { self.around.layout.mass[id as usize] / whole };
        out.push(mass(place.article));
        let title = self.around.title_block.map(|at| self.around.layout.blocks[at].node);
        out.push(title.map_or(-1.0, |title| flag(self.places[title as usize].article == place.article)));
        out.push(block.mass);
    }

    fn push_looks(&self, out: &mut Row, at: usize) {
        let layout = self.around.layout;
        let total = layout.mass[self.around.container as usize].max(1.0);
        let fact = &self.facts[at];
        let of = |values: &[f32], id| values.get(id as usize).copied().unwrap_or_default();
        out.push(of(&self.direct, fact.parent) / total);
        out.push(of(&layout.mass, fact.parent) / total);
        out.push(of(&self.links, fact.parent) / of(&self.lengths, fact.parent).max(1.0));
        out.push(of(&layout.mass, fact.above) / total);
        for group in [&self.looks[fact.look as usize], &self.outers[fact.outer as usize]] {
            let n_words = group.n_words.max(1.0);
            out.extend([group.mass / total, group.count.ln_1p(), n_words / group.count, group.n_link / n_words]);
        }
    }

    fn push_place(&self, out: &mut Row, at: usize) {
        let layout = self.around.layout;
        let total = layout.mass[self.around.container as usize].max(1.0);
        out.push(total / layout.total().max(1.0));
        out.push(at as f32 / layout.blocks.len() as f32);
        out.push((layout.blocks.len() - at) as f32);
        out.push(self.before[at] / self.kept.max(1.0));
        let since = self.around.title_block.map_or(-100.0, |title| at as f32 - title as f32);
        out.push(since.clamp(-100.0, 100.0));
        out.push(self.facts[at].n_tops);
    }

    /// The heading above.
    fn push_heading(&self, out: &mut Row, at: usize) {
        let heading = self.headings[at] as usize;
        match self.around.layout.blocks.get(heading) {
            Some(block) => {
                out.extend([verdict(self.verdicts[heading]), f32::from(block.level), (at - heading).min(50) as f32]);
            }
            None => out.extend([-1.0; 3]),
        }
    }

    fn push_neighbour(&self, out: &mut Row, own: usize, at: Option<usize>) {
        let Some((at, other)) = at.and_then(|at| Some((at, self.around.layout.blocks.get(at)?))) else {
            out.extend([-1.0; 5]);
            return;
        };
        let (fact, own_fact) = (&self.facts[at], &self.facts[own]);
        out.extend([fact.n_words, fact.link, verdict(self.verdicts[at]), kind(other)]);
        out.push(flag(other.node == self.around.layout.blocks[own].node || fact.parent == own_fact.parent));
    }

    fn push_second(&self, out: &mut Row, at: Option<usize>) {
        match at.and_then(|at| self.facts.get(at)) {
            Some(fact) => out.extend([fact.n_words, fact.link]),
            None => out.extend([-1.0; 2]),
        }
    }

    fn push_page(&self, out: &mut Row, at: usize, block: &Block) {
        out.push(match self.around.witness {
            "" => 0.0,
            witness => {
                let letters = block.text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
                let start: String = letters.take(WITNESS_KEY).collect();
                2.0 * flag(witness.contains(&start)) - 1.0
            }
        });
        out.push((self.texts[self.facts[at].text as usize] - 1) as f32);
        out.push(self.shared_with_title(&block.text));
        out.push(self.around.layout.total().ln_1p());
        out.push((self.verdicts.len() as f32).ln_1p());
    }
}

fn flag(yes: bool) -> f32 {
    f32::from(u8::from(yes))
}

fn verdict(verdict: Verdict) -> f32 {
    f32::from(verdict as u8)
}

fn kind(block: &Block) -> f32 {
    match block.kind {
        BlockKind::Paragraph => 0.0,
        BlockKind::Quote => 1.0,
        BlockKind::ListItem => 2.0,
        BlockKind::Heading => 3.0,
        BlockKind::Caption => 4.0,
        BlockKind::Title | BlockKind::Standfirst => 5.0,
    }
}

fn tag(name: &LocalName) -> f32 {
    match *name {
        local_name!("p") => 0.0,
        local_name!("div") => 1.0,
        local_name!("li") => 2.0,
        local_name!("blockquote") => 3.0,
        local_name!("section") | local_name!("article") | local_name!("main") | local_name!("body") => 4.0,
        local_name!("h1")
        | local_name!("h2")
        | local_name!("h3")
        | local_name!("h4")
        | local_name!("h5")
        | local_name!("h6") => 5.0,
        local_name!("figcaption") | local_name!("caption") | local_name!("figure") => 6.0,
        local_name!("td") | local_name!("th") => 7.0,
        local_name!("pre") => 8.0,
        _ => 9.0,
    }
}

/// What one pass over a text finds in it.
#[derive(Default)]
struct Found {
    n_letters: f32,
    n_upper: f32,
    n_digits: f32,
    n_commas: f32,
    n_lines: f32,
    quotes: bool,
    at: bool,
    copyright: bool,
    bar: bool,
}

impl Found {
    fn new(text: &str) -> Self {
        let mut found = Found::default();
        text.chars().for_each(|c| found.see(c));
        found
    }

    fn see(&mut self, c: char) {
        match c {
            'a'..='z' => self.n_letters += 1.0,
            'A'..='Z' => (self.n_letters, self.n_upper) = (self.n_letters + 1.0, self.n_upper + 1.0),
            '0'..='9' => self.n_digits += 1.0,
            ',' | '،' | '、' | '，' => self.n_commas += 1.0,
            '"' | '“' | '”' | '„' | '«' | '»' | '「' => {
                self.quotes = true;
                self.bar |= c == '»';
            }
            '\n' => self.n_lines += 1.0,
            '@' => self.at = true,
            '©' | '®' => self.copyright = true,
            '|' | '•' | '·' | '›' | '→' => self.bar = true,
            c if c.is_ascii() => {}
            c => {
                self.n_letters += f32::from(u8::from(c.is_alphabetic()));
                self.n_upper += f32::from(u8::from(c.is_uppercase()));
            }
        }
    }
}

/// What training is given of a block: its text, and its numbers.
#[doc(hidden)]
pub struct Example {
    pub text: String,
    pub features: Vec<f32>,
    /// Whether the trees are asked.
    pub candidate: bool,
}

/// The blocks of a page as training sees them.
pub(crate) fn examples(around: &Around) -> Vec<Example> {
    let verdicts = crate::body::verdicts(around);
    let survey = Survey::new(around, &verdicts);
    let blocks = around.layout.blocks.iter().enumerate();
    blocks
        .map(|(at, block)| Example {
            text: block.text.clone(),
            features: survey.features(at).to_vec(),
            candidate: crate::keep::is_asked(&survey, at),
        })
        .collect()
}

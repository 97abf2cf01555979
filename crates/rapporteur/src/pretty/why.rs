//! Why a reading is as it is: each statement where it stands, and under it how it was found, a row for each question.
//!
//! The passage is marked as in [`pretty`](super::pretty()); without colours its contents stand in brackets, `⟦…⟧`.

use rapporteur_annotate::why::{
    Dropped, Explanation, Learned, Loss, Means, Measure, Named, Party, Reader, Rule, SourceForm, Speaker, Why, Words,
};
use rapporteur_record::{Act, Document, Span};

use super::body::print_row;
use super::fit::cut;
use super::flow;
use super::head::joined;
use super::lanes::Lanes;
use super::line::Line;
use super::marks::{Bracket, Marks};
use super::row;
use super::safe::visible;
use super::style::{Sheet, Style};
use super::{LEAST_WIDTH, MEASURE, Paper, within};

/// Prints how the statements of `document` that `why` tells of were found, in whole lines.
pub fn why(document: &Document, why: &Why, paper: Paper) -> String {
    let width = paper.width.clamp(LEAST_WIDTH, MEASURE);
    let mut sheet = Sheet::new(paper.colours);
    let lanes = Lanes::new(document, width / 10);
    let lead = document.statements.len().to_string().len() + GUTTER;
    Line::of(summary(document, why), Style::BOLD).print(width, &mut sheet);
    for explanation in &why.statements {
        let Some(statement) = document.statements.get(explanation.statement) else { continue };
        sheet.end_line();
        let mut block = Block { sheet: &mut sheet, lead, width, colour: lanes.lane(statement.id).colour };
        block.passage(document, explanation, &lanes);
        block.rows(why, explanation);
    }
    let others: Vec<&Dropped> = why.dropped.iter().filter(|dropped| dropped.kept.is_none()).collect();
    print_dropped(&others, width, &mut sheet);
    if !document.notes.is_empty() {
        sheet.end_line();
    }
    for note in &document.notes {
        Line::of(visible(&format!("Note: {note}")), Style::DIM).print(width, &mut sheet);
    }
    sheet.text
}

/// Columns between a statement's number and its passage.
const GUTTER: usize = 3;
/// Columns of a row's label.
const LABEL: usize = 9;
/// Rows of a passage at most.
const MOST_ROWS: usize = 8;

/// "11 statements, found by rules and the fast model"
fn summary(document: &Document, why: &Why) -> String {
    let n_statements = document.statements.len();
    let what = match (why.statements.as_slice(), n_statements) {
        (_, 0) => "No statements".to_owned(),
        (_, 1) => "One statement".to_owned(),
        ([one], _) => format!("Statement {} of {n_statements}", one.statement + 1),
        _ => format!("{n_statements} statements"),
    };
    match why.reader {
        Some(reader) => format!("{what}, read by rules and {}", model(reader)),
        None => format!("{what}, read by rules alone"),
    }
}

fn model(reader: Reader) -> &'static str {
    match reader {
        Reader::Fast => "the fast model",
        Reader::Accurate => "the accurate model",
        Reader::Given => "the given model",
    }
}

/// What is printed of one statement.
struct Block<'s> {
    sheet: &'s mut Sheet,
    lead: usize,
    width: usize,
    colour: u8,
}

impl Block<'_> {
    /// The number, or nothing, and the bar.
    fn print_lead(sheet: &mut Sheet, lead: usize, colour: u8, number: &str) {
        sheet.push(&format!("{number:>0$}", lead - GUTTER), Style::DIM);
        sheet.push(if sheet.colours() { " ▌ " } else { "   " }, Style::coloured(colour));
    }

    /// The words of the statement with its cue and its source, where they stand.
    fn passage(&mut self, document: &Document, explanation: &Explanation, lanes: &Lanes) {
        let text = document.article.text.as_str();
        let spans = explanation.content.iter().chain(&explanation.cue).chain(&explanation.speaker.source);
        let Some(whole) = spans.map(|words| words.span).reduce(Span::cover) else { return };
        let parties = explanation.via.iter().chain(&explanation.addressee).map(|party| party.words.span);
        let whole = parties.chain(explanation.channel.iter().map(|channel| channel.words.span)).fold(whole, with_near);
        let marks = Marks::of(document, explanation.statement, lanes);
        let (colours, colour) = (self.sheet.colours(), Style::coloured(self.colour));
        let write = |bracket: &Bracket| match (colours, bracket.opens) {
            (true, _) => (String::new(), colour),
            (false, true) => ("⟦".to_owned(), colour),
            (false, false) => ("⟧".to_owned(), colour),
        };
        let span = with_edges(text, within(text, whole));
        let glyphs = flow::glyphs(text, span, &marks, Style::PLAIN, write);
        let rows = flow::rows(&glyphs, self.width - self.lead);
        let cut_short = rows.len() > MOST_ROWS;
        let n_rows = if cut_short { MOST_ROWS - 1 } else { rows.len() };
        for (number, row) in rows.into_iter().take(n_rows).enumerate() {
            let name = if number == 0 { (explanation.statement + 1).to_string() } else { String::new() };
            Self::print_lead(self.sheet, self.lead, self.colour, &name);
            print_row(&glyphs[row], self.sheet);
            self.sheet.end_line();
        }
        if cut_short {
            Self::print_lead(self.sheet, self.lead, self.colour, "");
            self.sheet.push("…", Style::DIM);
            self.sheet.end_line();
        }
    }

    fn rows(&mut self, why: &Why, explanation: &Explanation) {
        self.row("speaker", speaker(&explanation.speaker, self.colour));
        self.row("cue", cue(explanation));
        self.row("rule", explanation.rule.map_or_else(Line::default, rule));
        match (explanation.model, why.reader) {
            (Some(learned), _) => self.row("model", learned_line(learned, explanation.rule.is_some())),
            (None, Some(reader)) => {
                self.row("model", Line::default().dim(format!("{} did not find it", model(reader))))
            }
            (None, None) => {}
        }
        for party in &explanation.via {
            self.row("via", via(party));
        }
        self.row("channel", explanation.channel.as_ref().map_or_else(Line::default, means));
        self.row("to", explanation.addressee.as_ref().map_or_else(Line::default, addressee));
        if let Some(outer) = explanation.inside {
            self.row("inside", Line::default().plain(format!("the words of statement {}", outer + 1)));
        }
        self.row("sure", sure(explanation, self.colour));
        for dropped in why.dropped.iter().filter(|dropped| dropped.kept == Some(explanation.statement)) {
            self.row("instead", instead_of(dropped));
        }
    }

    /// A label and what it is for; nothing where there is nothing to tell.
    fn row(&mut self, label: &str, line: Line) {
        if line.text.is_empty() {
            return;
        }
        let (lead, colour) = (self.lead, self.colour);
        line.print_after(self.width - lead - LABEL, self.sheet, |number, sheet| {
            Self::print_lead(sheet, lead, colour, "");
            let label = if number == 0 { label } else { "" };
            sheet.push(&format!("{label:<LABEL$}"), Style::DIM);
        });
    }
}

/// A span together with another that begins or ends near it.
fn with_near(span: Span, other: Span) -> Span {
    let near = other.start() <= span.end() + NEAR && span.start() <= other.end() + NEAR;
    if near { span.cover(other) } else { span }
}

/// In bytes: about half a sentence.
const NEAR: usize = 80;

/// A span together with the mark on each side of it: quotation marks, a full stop.
fn with_edges(text: &str, span: Span) -> Span {
    let mark = |c: &char| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control();
    let before = text[..span.start()].chars().next_back().filter(|c| mark(c) && !",.;:!?)—–-…".contains(*c));
    let after: usize = text[span.end()..].chars().take(2).take_while(mark).map(char::len_utf8).sum();
    Span::new(span.start() - before.map_or(0, char::len_utf8), span.end() + after)
}

/// Words of the article on one line and safe to print, in quotation marks.
fn quoted<'w>(words: impl IntoIterator<Item = &'w Words>) -> String {
    let pieces: Vec<String> = words.into_iter().map(|words| one_line(&words.text)).collect();
    format!("“{}”", pieces.join(" … "))
}

fn one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn names<'n>(named: impl IntoIterator<Item = &'n Named>) -> String {
    joined(&named.into_iter().map(|named| one_line(&named.name)).collect::<Vec<_>>())
}

fn speaker(speaker: &Speaker, colour: u8) -> Line {
    let source = quoted(&speaker.source);
    let who = names(&speaker.entities);
    let line = if who.is_empty() { Line::default() } else { Line::of(&who, Style::coloured(colour).with(Style::BOLD)) };
    let known = !who.is_empty();
    let written = speaker.source.first().map(|words| one_line(&words.text)).unwrap_or_default();
    let same = written == who;
    let alike = written.to_lowercase() == who.to_lowercase();
    let line = match speaker.form {
        SourceForm::Nobody => line.dim("nobody is named for it"),
        SourceForm::Name if known && same => line.plain(", by name"),
        SourceForm::Name | SourceForm::Jointly if known => line.plain(format!(", named by {source}")),
        SourceForm::Capital => line.plain(format!(", for which {source} stands")),
        SourceForm::Pronoun if known => line.plain(format!(", meant by the pronoun {source}")),
        SourceForm::RoleNoun if known => line.plain(format!(", meant by the role {source}")),
        SourceForm::Description if known && alike => line.plain(", described and not named"),
        SourceForm::Description if known => line.plain(format!(", described and not named: {source}")),
        SourceForm::Headline if speaker.source.is_empty() => line.plain(", who makes the same claim in the body"),
        SourceForm::Headline => line.plain(format!(", who makes the same claim in the body: here {source}")),
        SourceForm::Pronoun => line.plain(format!("{source}, a pronoun that fits nobody before it")),
        _ => line.plain(format!("{source}, and nobody in the article goes by that")),
    };
    let before = |words: &Words| speaker.source.iter().all(|source| words.span < source.span);
    let line = match &speaker.antecedent {
        Some(words) if before(words) => line.plain(format!("; before it stands {}", quoted([words]))),
        Some(words) => line.plain(format!("; after it stands {}", quoted([words]))),
        None => line,
    };
    let line = if speaker.against.is_empty() {
        line
    } else {
        line.dim(format!("; also in reach: {}", names(speaker.against.iter().map(|rival| &rival.who))))
    };
    let scored = speaker.antecedents.iter().map(|(name, score)| format!("{} {score:.2}", one_line(name)));
    let scored: Vec<String> = scored.collect();
    if scored.is_empty() { line } else { line.dim(format!("; scored {}", scored.join(", "))) }
}

fn cue(explanation: &Explanation) -> Line {
    let line = if explanation.cue.is_empty() {
        Line::default().dim("no words say so")
    } else {
        Line::of(quoted(&explanation.cue), Style::ITALIC)
    };
    let act = row::act(explanation.act);
    let says_it = explanation.cue.iter().any(|words| words.text.to_lowercase().contains(act));
    let told = says_it || matches!(explanation.act, Act::Assert | Act::Other);
    let line = if told { line } else { line.plain(format!(", taken as “{act}”")) };
    if explanation.negated { line.plain(", negated") } else { line }
}

fn rule(rule: Rule) -> Line {
    let share = format!("; right {} times in 100", percent(rule.reliability));
    Line::default().plain(rule.form).dim(share)
}

fn percent(share: f32) -> String {
    format!("{:.0}", share * 100.0)
}

fn learned_line(learned: Learned, with_rule: bool) -> Line {
    let line = Line::default().plain(format!("{} found it, at {:.2}", model(learned.reader), learned.confidence));
    let line = match (with_rule, learned.moved_content, learned.moved_source) {
        (false, ..) => line.dim("; no rule did"),
        (true, true, true) => line.plain("; source and content are as it has them"),
        (true, true, false) => line.plain("; the content ends where it says"),
        (true, false, true) => line.plain("; the source is its own"),
        (true, false, false) => line.dim("; it agrees with the rule"),
    };
    let told = [(learned.told_act, "act"), (learned.told_addressee, "addressee"), (learned.told_channel, "channel")];
    let told: Vec<&str> = told.iter().filter(|(told, _)| *told).map(|(_, name)| *name).collect();
    if told.is_empty() { line } else { line.plain(format!("; it told the {}", told.join(", "))) }
}

fn via(party: &Party) -> Line {
    let line = party_line(party);
    let line = if party.cue.is_empty() { line } else { line.plain(", by ").with(quoted(&party.cue), Style::ITALIC) };
    match &party.channel {
        Some(channel) => {
            line.plain(format!(", in a {} ({})", row::channel_kind(channel.kind), quoted([&channel.words])))
        }
        None => line,
    }
}

fn addressee(party: &Party) -> Line {
    party_line(party)
}

/// "Interfax", or "Interfax (“the agency”)".
fn party_line(party: &Party) -> Line {
    let words = quoted([&party.words]);
    match &party.entity {
        Some(named) if named.name == party.words.text => Line::default().plain(one_line(&named.name)),
        Some(named) => Line::default().plain(format!("{} ({words})", one_line(&named.name))),
        None => Line::default().plain(words),
    }
}

fn means(means: &Means) -> Line {
    Line::default().plain(means_text(means))
}

/// "tweet (“on Twitter”)"
fn means_text(means: &Means) -> String {
    format!("{} ({})", row::channel_kind(means.kind), quoted([&means.words]))
}

/// "▰▰▰▰▰▰▰▰▱▱ 0.83, as the model says"
fn sure(explanation: &Explanation, colour: u8) -> Line {
    let n_full = (explanation.confidence.clamp(0.0, 1.0) * 10.0).round() as usize;
    let bar: String = (0..10).map(|at| if at < n_full { '▰' } else { '▱' }).collect();
    let measure = match explanation.measured {
        Measure::Model => ", as the model says",
        Measure::Rule => ", as often as the rule is right",
        Measure::Inside => ", as often as statements inside others are right",
    };
    Line::of(bar, Style::coloured(colour)).plain(format!(" {:.2}", explanation.confidence)).dim(measure)
}

fn instead_of(dropped: &Dropped) -> Line {
    let finder = finder(dropped);
    Line::default().dim(format!("of what {finder} made of it: {}", cut(&quoted(&dropped.content), MEASURE)))
}

/// "the model (0.45)", "a rule"
fn finder(dropped: &Dropped) -> String {
    match dropped.confidence {
        Some(confidence) => format!("the model ({confidence:.2})"),
        None => "a rule".to_owned(),
    }
}

/// What was found and belongs to no statement.
fn print_dropped(dropped: &[&Dropped], width: usize, sheet: &mut Sheet) {
    if dropped.is_empty() {
        return;
    }
    sheet.end_line();
    Line::of("Left out", Style::BOLD).print(width, sheet);
    for dropped in dropped {
        let reason = match dropped.reason {
            Loss::RuleAlone => "only a rule found it, by a form that alone is often wrong",
            Loss::Doubtful => "only the model found it, and half believes it",
            Loss::Overlapped => "most of its words are another statement's",
        };
        let who = dropped.source.iter().chain(&dropped.cue);
        let who: Vec<String> = who.map(|words| one_line(&words.text)).collect();
        let who = if who.is_empty() { String::new() } else { format!("{}: ", who.join(" ")) };
        let (content, number) = (quoted(&dropped.content), dropped.confidence);
        let number = number.map_or_else(|| "   –  ".to_owned(), |number| format!("{number:>4.2}  "));
        let line = Line::default().plain(cut(&format!("{who}{content}"), 2 * width)).dim(format!(" – {reason}"));
        let indent = number.chars().count() + 1;
        line.print_after(width - indent, sheet, |row, sheet| {
            let lead = if row == 0 { format!(" {number}") } else { " ".repeat(indent) };
            sheet.push(&lead, Style::DIM);
        });
    }
}

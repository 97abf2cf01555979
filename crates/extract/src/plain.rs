//! Plain text to an article.

use rapporteur_record::{Article, Block, BlockKind, Span};

use crate::body::{Cut, Verdict};
use crate::none::NoArticle;
use crate::tables::{self, Litter};
use crate::text::{ends_sentence, folded, key, n_words};
use crate::why::Judged;
use crate::{assemble, language, slug};

/// The article that a text is, kept character for character. A headline that is known beside it is in the text only if
/// the text begins with it.
pub(crate) fn kept(text: String, headline: Option<&str>) -> Article {
    let mut blocks = paragraphs(&text);
    let headline = headline.map(folded).filter(|headline| !headline.is_empty());
    if headline.as_deref().is_none_or(|headline| begins_with(&text, headline).is_some()) {
        mark_lead(&text, &mut blocks);
    }
    let piece = |kind: BlockKind| {
        blocks.iter().find(|block| block.kind == kind).map(|block| folded(&text.as_str()[block.span]))
    };
    let (title, standfirst) = (headline.or_else(|| piece(BlockKind::Title)), piece(BlockKind::Standfirst));
    let mut article = Article { title, standfirst, blocks, text, ..Article::default() };
    finish(&mut article);
    article
}

/// The article within the text of a scraped page: its title once, its paragraphs, without litter. A headline that is
/// known beside the text comes first. With it comes what became of each paragraph.
pub(crate) fn cleaned(text: &str, headline: Option<&str>) -> (Result<Article, NoArticle>, Vec<Judged>) {
    let headline = headline.map(folded).filter(|headline| !headline.is_empty());
    match headline {
        Some(headline) => {
            let body = begins_with(text, &headline).unwrap_or(text);
            let text = format!("{headline}\n\n{body}");
            let mut blocks = paragraphs(&text);
            blocks[0].kind = BlockKind::Title;
            mark_standfirst(&text, &mut blocks, 1);
            tidied(&text, &blocks)
        }
        None => {
            let mut blocks = paragraphs(text);
            mark_lead(text, &mut blocks);
            tidied(text, &blocks)
        }
    }
}

/// What comes after the headline, if that is the first line.
fn begins_with<'a>(text: &'a str, headline: &str) -> Option<&'a str> {
    let text = text.trim_start();
    let line = text.lines().next()?;
    (key(line) == key(headline)).then(|| &text[line.len()..])
}

fn tidied(text: &str, blocks: &[Block]) -> (Result<Article, NoArticle>, Vec<Judged>) {
    let pieces = blocks.iter().map(|block| (block.kind, tidy(&text[block.span]))).collect();
    let judged = judged(pieces);
    let pieces: Vec<(BlockKind, String)> =
        judged.iter().filter(|piece| piece.kept).map(|piece| (piece.kind, piece.text.clone())).collect();
    if pieces.is_empty() {
        return (Err(NoArticle::Empty), judged);
    }
    let piece = |kind: BlockKind| pieces.iter().find(|piece| piece.0 == kind).map(|piece| piece.1.clone());
    let mut article =
        Article { title: piece(BlockKind::Title), standfirst: piece(BlockKind::Standfirst), ..Article::default() };
    assemble::assemble(&mut article, pieces);
    finish(&mut article);
    (Ok(article), judged)
}

fn finish(article: &mut Article) {
    article.language = language::language(&article.text, None);
    slug::mark(article);
    let lead = article.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph).take(3);
    let byline = lead
        .map(|block| &article.text.as_str()[block.span])
        .find(|text| n_words(text) < 12)
        .and_then(crate::byline::led);
    article.byline = byline.unwrap_or_default();
}

/// The runs of lines between blank lines.
fn paragraphs(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut at, mut open) = (0, None::<Span>);
    for line in text.split_inclusive('\n') {
        let (start, bare) = (at + line.len() - line.trim_start().len(), line.trim());
        at += line.len();
        if bare.is_empty() {
            blocks.extend(open.take().map(paragraph));
            continue;
        }
        let span = Span::new(start, start + bare.len());
        open = Some(open.map_or(span, |open| open.cover(span)));
    }
    blocks.extend(open.map(paragraph));
    blocks
}

fn paragraph(span: Span) -> Block {
    Block { kind: BlockKind::Paragraph, span }
}

/// Marks the title and the standfirst in the first paragraphs, where they read like such.
fn mark_lead(text: &str, blocks: &mut Vec<Block>) {
    let Some(&first) = blocks.first() else { return };
    let has_body = blocks.len() > 1 || text[first.span].lines().count() > 1;
    let lines = lines(text, first.span);
    if !reads_like_title(&text[lines[0]]) || !has_body && ends_sentence(&text[lines[0]]) {
        return;
    }
    let own = key(&text[lines[0]]);
    let rest: Vec<Span> = lines[1..].iter().copied().skip_while(|line| key(&text[*line]) == own).collect();
    if rest.len() > 3 || lines.len() > 1 && rest.iter().any(|line| !reads_like_lead(&text[*line])) {
        return split_title(text, blocks, &lines);
    }
    let mut lead = vec![Block { kind: BlockKind::Title, span: lines[0] }];
    lead.extend(lines[1..lines.len() - rest.len()].iter().map(|&span| Block { kind: BlockKind::Title, span }));
    lead.extend(rest.iter().map(|&span| Block { kind: BlockKind::Standfirst, span }));
    let n_lead = lead.len();
    blocks.splice(..1, lead);
    mark_standfirst(text, blocks, n_lead);
}

/// A title on the first line of what is else one paragraph.
fn split_title(text: &str, blocks: &mut Vec<Block>, lines: &[Span]) {
    if lines.len() < 2 || ends_sentence(&text[lines[0]]) {
        return;
    }
    let rest = lines[1].cover(lines[lines.len() - 1]);
    blocks.splice(..1, [Block { kind: BlockKind::Title, span: lines[0] }, paragraph(rest)]);
}

/// The paragraph after the title, if it reads like a standfirst and others follow; title lines repeated are titles.
fn mark_standfirst(text: &str, blocks: &mut [Block], from: usize) {
    let own = key(&text[blocks[0].span]);
    let has_own = |block: &Block| key(&text[block.span]) == own;
    let again = blocks[from..].iter().take_while(|block| has_own(block)).count();
    blocks[from..from + again].iter_mut().for_each(|block| block.kind = BlockKind::Title);
    let (at, known) = (from + again, blocks[..from].iter().any(|block| block.kind == BlockKind::Standfirst));
    if !known
        && blocks.len() > at + 2
        && reads_like_lead(&text[blocks[at].span])
        && !ends_sentence(&text[blocks[at].span])
    {
        blocks[at].kind = BlockKind::Standfirst;
    }
}

fn lines(text: &str, span: Span) -> Vec<Span> {
    let mut at = span.start();
    let lines = text[span].split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        let lead = line.len() - line.trim_start().len();
        Span::new(start + lead, start + lead + line.trim().len())
    });
    lines.filter(|line| !line.is_empty()).collect()
}

fn reads_like_title(line: &str) -> bool {
    let words = n_words(line);
    let whole = !line.ends_with(['.', ',', ';', ':']) || line.ends_with("...");
    (2..30).contains(&words) && line.len() < 250 && whole && tables::litter(line).is_none() && !is_address(line)
}

fn reads_like_lead(line: &str) -> bool {
    (5..60).contains(&n_words(line)) && !line.contains('\n') && crate::byline::led(line).is_none() && !is_dated(line)
}

fn is_dated(line: &str) -> bool {
    n_words(line) < 12 && crate::dates::find(line, false).is_some()
}

/// Whether a line is nothing but a URL.
fn is_address(line: &str) -> bool {
    let line = line.trim();
    !line.contains(' ') && (line.contains("://") || line.starts_with("www."))
}

/// A paragraph, white space folded, its lines kept.
fn tidy(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(folded).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// What becomes of each paragraph: litter goes, with what goes with it; a title that is there twice stays once.
fn judged(pieces: Vec<(BlockKind, String)>) -> Vec<Judged> {
    let total: usize = pieces.iter().map(|piece| piece.1.len()).sum();
    let (mut seen, mut skip, mut is_over, mut is_titled) = (0, false, false, false);
    let verdict = |(kind, piece): &(BlockKind, String)| {
        seen += piece.len();
        let is_lead = *kind == BlockKind::Title;
        skip &= is_short(piece);
        let litter = if is_lead || is_over { None } else { tables::litter(piece) };
        is_over |= litter == Some(Litter::Rest) && seen * 2 > total;
        skip |= litter == Some(Litter::Section);
        match litter {
            _ if is_over => (Verdict::Rest, None),
            Some(Litter::Section) => (Verdict::Section, None),
            Some(_) => (Verdict::Litter, None),
            None if is_address(piece) => (Verdict::Links, None),
            None if skip => (Verdict::Section, None),
            None if is_lead && is_titled => (Verdict::Headline, Some(Cut::Repeat)),
            None => {
                is_titled |= is_lead;
                let is_headline = is_lead || *kind == BlockKind::Standfirst;
                (if is_headline { Verdict::Headline } else { Verdict::Kept }, None)
            }
        }
    };
    let verdicts: Vec<(Verdict, Option<Cut>)> = pieces.iter().map(verdict).collect();
    let judged = pieces.into_iter().zip(verdicts);
    judged.map(|((kind, text), (verdict, cut))| Judged::by_rule(kind, text, verdict, cut)).collect()
}

fn is_short(text: &str) -> bool {
    n_words(text) < 15 && !ends_sentence(text)
}

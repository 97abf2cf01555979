//! How documents look on paper.

mod support;

use insta::assert_snapshot;
use proptest::prelude::*;
use rapporteur::pretty::{Paper, pretty};
use rapporteur::record::{
    Act, Article, Block, BlockKind, Channel, ChannelKind, Document, Quotation, Span, Statement, Via,
};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use support::{add, at, direct, ferry_strike, paragraph, person, said, said_by};

fn plain(document: &Document, width: usize) -> String {
    pretty(document, Paper { width, colours: false })
}

/// In colours, with ESC made visible.
fn coloured(document: &Document, width: usize) -> String {
    pretty(document, Paper { width, colours: true }).replace('\u{1b}', "␛")
}

#[test]
fn a_page_without_colours() {
    assert_snapshot!(plain(&ferry_strike(), 100));
}

#[test]
fn a_page_in_colours() {
    assert_snapshot!(coloured(&ferry_strike(), 100));
}

#[test]
fn a_page_on_narrow_paper() {
    assert_snapshot!(plain(&ferry_strike(), 60));
}

#[test]
fn a_page_on_wide_paper() {
    assert_snapshot!(plain(&ferry_strike(), 140));
}

#[test]
fn a_bare_text_has_no_head() {
    assert_eq!(
        plain(&paragraph("Rain is expected.\nSo is wind.\n\n\nAnd snow."), 80),
        "\
Rain is expected.
So is wind.

And snow.

No statements
"
    );
}

#[test]
fn a_title_that_the_text_lacks_is_printed_above_it() {
    let mut doc = paragraph("Rain is expected.");
    doc.article.title = Some("The weather".into());
    doc.article.published = Some("2024-05-02".parse().unwrap());
    assert!(plain(&doc, 80).starts_with("2 May 2024\n\nThe weather\n\nRain is"), "{}", plain(&doc, 80));
}

#[test]
fn a_statement_inside_another_is_marked_within_it() {
    let mut doc = paragraph("Li said Ngo had denied that she left.");
    let (li, ngo) = (person(&mut doc, "Li", None), person(&mut doc, "Ngo", None));
    let statement = said_by(li, said(&doc, "Li", "said", &["Ngo had denied that she left"]));
    add(&mut doc, statement);
    let statement = said_by(ngo, said(&doc, "Ngo", "had denied", &["she left"]));
    add(&mut doc, Statement { inside: Some(0), act: Act::Deny, ..statement });
    let printed = plain(&doc, 100);
    assert!(printed.contains("Li said [1]⟦Ngo had denied that [2]⟦she left⟧⟧."), "{printed}");
    assert!(printed.contains("↳ Ngo"), "{printed}");
    // Both bars stand beside the row, and the inner speaker's colour wins.
    let printed = coloured(&doc, 100);
    assert!(printed.contains("␛[38;5;38m▌␛[0m␛[38;5;208m▌␛[0m"), "{printed}");
    assert!(printed.contains("␛[38;5;208m²she left␛[0m"), "{printed}");
}

#[test]
fn statements_that_cross_are_both_marked() {
    let mut doc = paragraph("one two three four");
    let statement = said(&doc, "", "", &["one two three"]);
    add(&mut doc, statement);
    let statement = said(&doc, "", "", &["two three four"]);
    add(&mut doc, statement);
    let printed = plain(&doc, 100);
    assert!(printed.contains("[1]⟦one [2]⟦two three⟧ four⟧"), "{printed}");
}

#[test]
fn quotation_marks_stand_inside_the_brackets() {
    let mut doc = paragraph("“Never,” said Li.");
    let statement = direct(said(&doc, "Li", "said", &["Never,"]));
    add(&mut doc, statement);
    assert!(plain(&doc, 100).starts_with("[1]⟦“Never,”⟧ said Li.\n"));
}

#[test]
fn a_statement_of_nobody_has_a_dash() {
    let mut doc = paragraph("Talks will resume, it was said.");
    let statement = said(&doc, "", "was said", &["Talks will resume"]);
    add(&mut doc, statement);
    assert!(plain(&doc, 60).contains("– · was said\n"), "{}", plain(&doc, 60));
}

#[test]
fn a_page_cannot_command_the_terminal() {
    let mut doc = paragraph("\u{1b}]0;owned\u{7}“\u{202E}Never\u{2069}” said \u{9b}31mLi\u{1b}[2J.");
    doc.article.title = Some("\u{1b}[2JBig\u{202E} news".into());
    doc.article.outlet_name = Some("Post\u{7}".into());
    doc.article.url = Some("https://example.org/\u{1b}[8m".into());
    doc.article.byline = vec!["A\u{200F}da".into()];
    doc.notes = vec!["odd\u{1b}[0m".into()];
    let li = person(&mut doc, "Li\u{1b}[5m\u{202E}", Some(("min\u{8}ister", "\u{2067}X")));
    let statement = said_by(li, said(&doc, "Li", "said", &["\u{202E}Never\u{2069}"]));
    add(&mut doc, statement);
    assert_snapshot!(plain(&doc, 100));
    let controls =
        |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202E}' | '\u{2069}' | '\u{200F}' | '\u{2067}');
    assert!(!plain(&doc, 100).contains(controls));
    let printed = pretty(&doc, Paper { width: 100, colours: true });
    let sequences = printed.matches('\u{1b}').count();
    assert_eq!(sequences, printed.matches("\u{1b}[").count());
    assert!(!printed.contains("\u{1b}[2J") && !printed.contains("\u{1b}[8m"));
}

#[test]
fn writing_from_right_to_left_is_fenced_off() {
    let mut doc = paragraph("قال نتنياهو إن المحادثات انتهت.");
    let speaker = person(&mut doc, "نتنياهو", None);
    let statement = said_by(speaker, said(&doc, "نتنياهو", "قال", &["المحادثات انتهت"]));
    add(&mut doc, statement);
    let printed = plain(&doc, 100);
    assert!(printed.contains("\u{2068}نتنياهو\u{2069}"), "{printed}");
    assert_eq!(printed.matches('\u{2068}').count(), printed.matches('\u{2069}').count());
}

#[test]
fn wide_and_combining_characters_keep_the_table_straight() {
    let mut doc = paragraph("王毅说谈判已经结束。 Zoë said so.");
    let wang = person(&mut doc, "王毅", None);
    let zoe = person(&mut doc, "Zoe\u{308}", None);
    let statement = said_by(wang, said(&doc, "王毅", "说", &["谈判已经结束"]));
    add(&mut doc, statement);
    let statement = said_by(zoe, said(&doc, "Zoë", "said", &["so"]));
    add(&mut doc, statement);
    let printed = plain(&doc, 100);
    let rows: Vec<&str> = printed.lines().skip_while(|line| !line.contains("Speaker")).collect();
    let column = |line: &str, words: &str| line[..line.rfind(words).unwrap()].width();
    assert_eq!(column(rows[1], "谈判"), column(rows[0], "First"), "{printed}");
    assert_eq!(column(rows[2], "so"), column(rows[0], "First"), "{printed}");
}

#[test]
fn more_speakers_than_lanes_share_them() {
    let mut doc = paragraph("a0 b1 c2 d3 e4 f5 g6 h7 i8 j9");
    for words in ["a0", "b1", "c2", "d3", "e4", "f5", "g6", "h7", "i8", "j9"] {
        let speaker = person(&mut doc, words, None);
        let statement = said_by(speaker, said(&doc, "", "", &[words]));
        add(&mut doc, statement);
    }
    let printed = coloured(&doc, 100);
    assert_eq!(printed.lines().next().unwrap().matches('▌').count(), 8, "{printed}");
    assert_eq!(coloured(&doc, 40).lines().next().unwrap().matches('▌').count(), 4);
}

#[test]
fn many_statements_take_time_in_proportion() {
    let sentence = "He said it. ";
    let mut doc = paragraph(&sentence.repeat(20_000));
    for number in 0..20_000 {
        let start = number * sentence.len();
        let statement = Statement { content: vec![Span::new(start + 8, start + 10)], ..said(&doc, "", "", &[]) };
        add(&mut doc, statement);
    }
    assert_eq!(plain(&doc, 100).matches("⟦it⟧").count(), 20_000);
}

fn via(span: Span, entity: Option<usize>) -> Vec<Via> {
    let channel = Some(Channel { kind: ChannelKind::Report, span });
    vec![Via { span, entity, cue: vec![span], channel }]
}

/// Documents that keep no promise about how their parts hang together.
fn documents() -> impl Strategy<Value = Document> {
    let text = "[a-c“”‘’\"' \n\r\t\u{1b}\u{85}\u{301}\u{202e}\u{200d}王אé😀-]{0,120}";
    let span = || (0usize..140, 0usize..60).prop_map(|(start, length)| Span::new(start, start + length));
    let spans = move || prop::collection::vec(span(), 0..4);
    let kind =
        prop::sample::select(vec![BlockKind::Title, BlockKind::Paragraph, BlockKind::ListItem, BlockKind::Quote]);
    let blocks = prop::collection::vec((kind, span()).prop_map(|(kind, span)| Block { kind, span }), 0..4);
    let id = || prop::option::of(0usize..5);
    let quotation = prop::sample::select(vec![Quotation::Direct, Quotation::Indirect, Quotation::Mixed]);
    let statement = (spans(), spans(), spans(), id(), id(), quotation, span()).prop_map(
        |(content, cue, source, speaker, inside, quotation, span)| Statement {
            content,
            cue,
            source,
            speaker,
            inside,
            quotation,
            via: via(span, speaker),
            ..said(&Document::default(), "", "", &[])
        },
    );
    (text, blocks, prop::collection::vec(statement, 0..8)).prop_map(|(text, blocks, statements)| {
        let mut doc = Document::new(Article { blocks, ..Article::from_text(text) });
        person(&mut doc, "Li", None);
        person(&mut doc, "נתניהו", Some(("ראש", "王")));
        Document { statements, ..doc }
    })
}

proptest! {
    #[test]
    fn any_document_prints_within_its_width(doc in documents(), width in 0usize..160) {
        let printed = plain(&doc, width);
        for line in printed.lines() {
            let n_columns: usize = line.graphemes(true).map(UnicodeWidthStr::width).sum();
            prop_assert!(n_columns <= width.max(40), "{line:?} is wider than {width}");
        }
        prop_assert!(!printed.contains(|c: char| c.is_control() && c != '\n'));
        let coloured = pretty(&doc, Paper { width, colours: true });
        let n_wide = |text: &str| text.matches('王').count();
        prop_assert!(n_wide(&coloured) >= n_wide(&doc.article.text), "a character got lost");
    }

    #[test]
    fn every_bracket_that_opens_closes(doc in documents()) {
        let printed = plain(&doc, 80);
        prop_assert_eq!(printed.matches('⟦').count(), printed.matches('⟧').count());
    }
}

#[test]
fn a_content_of_several_pieces_has_its_number_at_each() {
    let doc = ferry_strike();
    let printed = plain(&doc, 100);
    assert_eq!(printed.matches("[4]⟦").count(), doc.statements[3].content.len(), "{printed}");
    assert_eq!(at(&doc, "Ferry crews").start(), 0);
}

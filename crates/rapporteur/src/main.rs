//! The command line.
fn main() {
    let args: Vec<String> = std::env::args().skip(2).collect();
    let annotator = rapporteur_annotate::Annotator::new();
    let mut it = args.iter();
    while let Some(a) = it.next() {
        if a.starts_with("--") {
            it.next();
            continue;
        }
        let text = String::from_utf8(std::fs::read(a).unwrap()).unwrap();
        let mut article = rapporteur_record::Article::from_text(text);
        let mut blocks = vec![];
        let mut at = 0;
        for piece in article.text.split("\n\n") {
            if !piece.trim().is_empty() {
                blocks.push(rapporteur_record::Block {
                    kind: if blocks.is_empty() && piece.len() < 200 {
                        rapporteur_record::BlockKind::Title
                    } else {
                        rapporteur_record::BlockKind::Paragraph
                    },
                    span: rapporteur_record::Span::new(at, at + piece.len()),
                });
            }
            at += piece.len() + 2;
        }
        article.blocks = blocks;
        println!("{}", annotator.annotate(article).to_json(Default::default()));
    }
}

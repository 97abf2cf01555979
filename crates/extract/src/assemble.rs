//! Pieces of text to an article's text with its blocks.

use rapporteur_record::{Article, Block, BlockKind, Span};

/// Puts pieces together, one blank line between them.
pub(crate) fn assemble(article: &mut Article, pieces: impl IntoIterator<Item = (BlockKind, String)>) {
    for (kind, piece) in pieces {
        if !article.text.is_empty() {
            article.text.push_str("\n\n");
        }
        let start = article.text.len();
        article.text.push_str(&piece);
        article.blocks.push(Block { kind, span: Span::new(start, article.text.len()) });
    }
}

/// Gives the article its id.
pub(crate) fn identify(article: &mut Article) {
    article.id = id(article);
}

/// The article's id, of its URL and text.
pub(crate) fn id(article: &Article) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(article.url.as_deref().unwrap_or_default().as_bytes());
    hasher.update(b"\0");
    hasher.update(article.text.as_bytes());
    format!("b3:{}", &hasher.finalize().to_hex()[..32])
}

//! A site whose pages a test writes and changes.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use super::server::{Asked, Server, answer};

type Answerer = Arc<dyn Fn(&Asked) -> Vec<u8> + Send + Sync>;

/// A server with an answer for each path; for all others it has none.
pub(super) struct Site {
    pub(super) server: Server,
    pages: Arc<Mutex<BTreeMap<String, Answerer>>>,
}

impl Site {
    /// With these pages; `HOST` in them stands for the site itself.
    pub(super) fn start(pages: &[(&str, String)]) -> Site {
        let known: Arc<Mutex<BTreeMap<String, Answerer>>> = Arc::default();
        let of_server = known.clone();
        let server = Server::start(move |asked, stream| {
            let answerer = of_server.lock().unwrap().get(&asked.path).cloned();
            let bytes = answerer.map_or_else(|| answer("404 Not Found", &[], b""), |answerer| answerer(asked));
            let _ = stream.write_all(&bytes);
        });
        let site = Site { server, pages: known };
        for (path, body) in pages {
            let body = body.replace("HOST", &site.url(""));
            site.put(path, move |_| answer("200 OK", &["Content-Type: text/html"], body.as_bytes()));
        }
        site
    }

    /// Sets what is answered at `path`; `HOST` in it stands for the site itself.
    pub(super) fn put(&self, path: &str, answerer: impl Fn(&Asked) -> Vec<u8> + Send + Sync + 'static) {
        let address = self.url("");
        let answerer = move |asked: &Asked| {
            let bytes = answerer(asked);
            match std::str::from_utf8(&bytes) {
                Ok(text) if text.contains("HOST") => with_length(&text.replace("HOST", &address)),
                _ => bytes,
            }
        };
        self.pages.lock().unwrap().insert(path.to_owned(), Arc::new(answerer));
    }

    pub(super) fn url(&self, path: &str) -> String {
        self.server.url(path)
    }
}

/// The answer with the length that its body now has.
fn with_length(answer: &str) -> Vec<u8> {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let lines: Vec<String> = head
        .lines()
        .map(|line| match line.strip_prefix("Content-Length: ") {
            Some(_) => format!("Content-Length: {}", body.len()),
            None => line.to_owned(),
        })
        .collect();
    format!("{}\r\n\r\n{body}", lines.join("\r\n")).into_bytes()
}

/// A feed with these pages of the site, each a day younger than the one before.
pub(super) fn feed(paths: &[&str]) -> String {
    let items: String = paths
        .iter()
        .enumerate()
        .map(|(n, path)| {
            let date = format!("{:02} Nov 2026 12:00:00 GMT", n + 1);
            format!("<item><title>Page {n}</title><link>HOST{path}</link><pubDate>{date}</pubDate></item>")
        })
        .collect();
    format!("<rss version='2.0'><channel><title>The Post</title>{items}</channel></rss>")
}

/// A page of news with a text of its own.
pub(super) fn page(word: &str) -> String {
    format!(
        "<title>Road {word}</title><h1>The road {word} is open</h1>\
         <p>The road {word} to the coast is open again, Adair said on Monday.</p>"
    )
}

use std::time::Instant;

use proptest::prelude::*;

use super::*;

/// Whether everybody may fetch the path under one rule that disallows.
fn fits(pattern: &str, path: &str) -> bool {
    !parse(format!("User-agent: *\nDisallow: {pattern}\n").as_bytes()).allows("newsbot", path)
}

fn allows(text: &str, agent: &str, path: &str) -> bool {
    parse(text.as_bytes()).allows(agent, path)
}

#[test]
fn the_simple_example_of_the_standard() {
    let text = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
        User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
        User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n\
        User-Agent: quxbot\n\nEOF";
    for (agent, path, allowed) in [
        ("x", "/a.gif", false),
        ("x", "/a.gif?b", true),
        ("x", "/example/", false),
        ("x", "/publications/a", true),
        ("foobot", "/", false),
        ("foobot", "/example/page.html", true),
        ("foobot", "/example/allowed.gif", true),
        ("barbot", "/example/page.html", false),
        ("bazbot", "/example/page.html", false),
        ("bazbot", "/a.gif", true),
        ("quxbot", "/example/page.html", true),
    ] {
        assert_eq!(allows(text, agent, path), allowed, "{agent} {path}");
    }
}

#[test]
fn the_longest_match_decides() {
    let text = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
    assert!(allows(text, "foobot", "/example/page/a.gif"));
    assert!(!allows(text, "foobot", "/example/page/disallowed.gif"));
    for (allow, disallow, path, allowed) in [
        ("/p", "/", "/page", true),
        ("/folder", "/folder", "/folder/page", true),
        ("/page", "/*.htm", "/page.htm", false),
        ("/page", "/*.ph", "/page.php5", true),
        ("/$", "/", "/", true),
        ("/$", "/", "/page.htm", false),
        ("/x/page.html", "/x/", "/x/page.html", true),
        ("/x/", "/x/page.html", "/x/page.html", false),
        ("", "/", "/a", false),
    ] {
        let text = format!("user-agent: *\nallow: {allow}\ndisallow: {disallow}\n");
        assert_eq!(allows(&text, "x", path), allowed, "{allow} {disallow} {path}");
    }
}

#[test]
fn groups_of_one_agent_are_taken_together() {
    let text = "user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\nuser-agent: ExampleBot\ndisallow: /baz\n";
    for path in ["/foo", "/bar", "/baz"] {
        assert!(!allows(text, "examplebot", path), "{path}");
    }
    assert!(allows(text, "ExampleBot", "/qux") && allows(text, "otherbot", "/foo"));
    let others = "user-agent: a\nsitemap: https://a.example/s.xml\n\nnoise: 1\nuser-agent: b\ndisallow: /x\nuser-agent: c\ndisallow: /y";
    assert!(
        !allows(others, "a", "/x")
            && !allows(others, "b", "/x")
            && allows(others, "a", "/y")
            && allows(others, "c", "/x")
    );
}

#[test]
fn agents_are_product_tokens_whatever_their_case() {
    let text = "User-Agent: ExampleBot/2.1\nDisallow: /a\nUser-agent: *\nDisallow: /b\n";
    for agent in ["examplebot", "EXAMPLEBOT", "ExampleBot/7.0 (+https://a.example)", "ExampleBot"] {
        assert!(!allows(text, agent, "/a") && allows(text, agent, "/b"), "{agent}");
    }
    for agent in ["Example", "ExampleBotNews", "", "Mozilla ExampleBot"] {
        assert!(allows(text, agent, "/a") && !allows(text, agent, "/b"), "{agent}");
    }
    assert!(!allows("User-agent: * everybody\nDisallow: /", "x", "/"));
    assert!(allows("User-agent: *bot\nDisallow: /", "x", "/"));
    assert!(allows("Disallow: /", "x", "/") && allows("", "x", "/"));
}

#[test]
fn patterns() {
    for (pattern, yes, no) in [
        ("/", &["/", "/a"][..], &[][..]),
        (
            "/fish",
            &["/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fish.php?id=x"],
            &["/Fish.asp", "/catfish", "/?id=fish"],
        ),
        ("/fish*", &["/fish", "/fishheads/yummy.html"], &["/Fish", "/desert/fish"]),
        ("/fish/", &["/fish/", "/fish/?id=x", "/fish/salmon.htm"], &["/fish", "/fish.html", "/Fish/Salmon.asp"]),
        ("/*.php", &["/index.php", "/f/filename.php?p", "/filename.php/"], &["/", "/windows.PHP"]),
        (
            "/*.php$",
            &["/filename.php", "/folder/filename.php"],
            &["/filename.php?p", "/filename.php/", "/filename.php5"],
        ),
        ("/fish*.php", &["/fish.php", "/fishheads/catfish.php?p"], &["/Fish.PHP"]),
        ("/this/*/exactly", &["/this/path/exactly", "/this//exactly", "/this/a/b/exactly/x"], &["/this/exactly"]),
        ("/a**b*$", &["/ab", "/acb", "/abc"], &["/a"]),
        ("/a$b", &["/a$b"], &["/a"]),
        ("fish", &[], &["/fish"]),
    ] {
        yes.iter().for_each(|path| assert!(fits(pattern, path), "{pattern} {path}"));
        no.iter().for_each(|path| assert!(!fits(pattern, path), "{pattern} {path}"));
    }
}

#[test]
fn encodings_are_the_same_path() {
    for (pattern, path) in [
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz"),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar"),
        ("/foo/bar?baz=https%3a%2f%2ffoo.bar", "/foo/bar?baz=https://foo.bar"),
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84"),
        ("/foo/bar/%e3%83%84", "/foo/bar/ツ"),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
        ("/foo/bar/baz", "/foo/bar/%62%61%7A"),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html"),
        ("/path/foo-%24", "/path/foo-$"),
        ("/100%", "/100%"),
    ] {
        assert!(fits(pattern, path), "{pattern} {path}");
    }
    assert!(!fits("/a%2Fb", "/a/b") && !fits("/path/foo-%24", "/path/foo-") && !fits("/a-%2A", "/a-b"));
}

#[test]
fn whole_urls_are_taken_by_their_path() {
    for url in ["http://foo.bar/a/b?c", "https://foo.bar:80/a/b?c#d", "/a/b?c", "a/b?c"] {
        assert!(fits("/a/b?c", url), "{url}");
    }
    assert!(fits("/$", "http://foo.bar") && fits("/$", "") && fits("/?a", "http://foo.bar?a"));
    assert!(allows("User-agent: *\nDisallow: /", "x", "https://foo.bar/robots.txt"));
}

#[test]
fn lines_end_and_are_spelt_as_they_like() {
    for text in [
        "\u{feff}User-Agent: foo\nDisallow: /",
        "User-Agent: foo\r\nDisallow: /\r\n",
        "User-Agent: foo\rDisallow: /\r",
        "  user-agent :foo # who\n\n# no\n  DISALLOW:/ # all",
        "User-agent foo\nDisallow /",
        "useragent: foo\ndisalow: /",
    ] {
        assert!(!allows(text, "foo", "/a"), "{text:?}");
    }
    assert!(allows("User-agent: foo\nDisallow / a", "foo", "/ a"));
    assert!(allows("<html><body>Not found: no robots</body></html>", "foo", "/"));
    assert!(allows("User-agent: foo\nDisallow:\nDisallow: # all?", "foo", "/"));
}

#[test]
fn delays_and_sitemaps() {
    let robots = parse(
        b"Sitemap: https://a.example/1.xml\nUser-agent: a\nCrawl-delay: 1.5\nDisallow: /x\nsitemap:https://a.example/2.xml#x\n\
          User-agent: a\nCrawl-delay: 4\nDisallow:\nUser-agent: *\nCrawl-delay: -1\nDisallow:\nUser-agent: b\nCrawl-delay: 1e999",
    );
    assert_eq!(robots.crawl_delay("a"), Some(Duration::from_secs(4)));
    assert_eq!((robots.crawl_delay("b"), robots.crawl_delay("c")), (None, None));
    assert_eq!(robots.sitemaps(), ["https://a.example/1.xml", "https://a.example/2.xml"]);
}

#[test]
fn half_a_megabyte_is_read_and_the_rest_told() {
    let mut text = "User-agent: *\n".to_owned();
    text.push_str(&"# filling\n".repeat(MAX_BYTES / 10));
    text.push_str("Disallow: /\n");
    let robots = parse(text.as_bytes());
    assert!(robots.allows("x", "/") && robots.n_unread() > 0);
}

#[test]
fn hostile_patterns_take_linear_time() {
    let text = format!("User-agent: *\n{}", format!("Disallow: /{}b$\n", "*a".repeat(500)).repeat(400));
    let robots = parse(text.as_bytes());
    let start = Instant::now();
    assert!(robots.allows("x", &format!("/{}", "a".repeat(10_000))));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let agents = parse(format!("{}Disallow: /", "User-agent: a\n".repeat(30_000)).as_bytes());
    assert!(!agents.allows("a", "/"));
}

proptest! {
    #[test]
    fn any_bytes_end(bytes: Vec<u8>, agent: String, path: String) {
        let robots = parse(&[b"User-agent: *\nDisallow: /", &bytes[..]].concat());
        robots.allows(&agent, &path);
        robots.crawl_delay(&agent);
    }

    #[test]
    fn a_path_is_its_own_pattern(path in "/[a-zé%*$?:/ ]{0,20}[a-z]") {
        let pattern = path.replace('*', "%2A");
        let plain = path.split("%2").count() == 1 && path.split("%").skip(1).all(|rest| !rest.starts_with(|c: char| c.is_ascii_hexdigit()));
        prop_assume!(plain);
        prop_assert!(fits(pattern.trim(), path.trim()), "{}", pattern);
    }
}

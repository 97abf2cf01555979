//! Which outlet a page is of: its registrable domain, and the name it gives itself.

/// The host of a URL, without port and user.
pub(crate) fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit_once('@').map_or(host, |found| found.1);
    let host = host.split(':').next()?;
    Some(host).filter(|host| host.contains('.') && !host.contains(char::is_whitespace))
}

/// The registrable domain, "outlookindia.com".
pub(crate) fn domain(url: &str) -> Option<String> {
    let host = host(url)?.trim_end_matches('.').to_lowercase();
    Some(psl::domain_str(&host).unwrap_or(&host).to_owned())
}

/// The page's URL: its canonical one if that is whole and leads to the same outlet, else the one it was found at.
pub(crate) fn url(canonical: Option<&str>, found: Option<&str>) -> Option<String> {
    let canonical =
        canonical.filter(|url| host(url).is_some() && (url.starts_with("http://") || url.starts_with("https://")));
    let own = canonical.filter(|url| !is_front(url) && found.is_none_or(|found| domain(found) == domain(url)));
    own.or(found).map(str::to_owned)
}

/// Whether a URL is a site's front page, which some sites call canonical everywhere.
fn is_front(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(_, rest)| rest.trim_end_matches('/').split('/').count() == 1 && !rest.contains('?'))
}

/// The part of a domain that names the site: "bbc" of "bbc.co.uk".
pub(crate) fn label(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

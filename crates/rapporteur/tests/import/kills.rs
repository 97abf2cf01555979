//! A run that is killed at any moment loses nothing that was stored, and the next run ends with the same content.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rapporteur_store::{Page, Query, Store};

use super::{assert_sound, content, folder, import, lines, run};

/// The ids of what a reader sees now; none if there is no database yet.
fn ids(folder: &Path) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    if let Ok(store) = Store::open(&folder.join("rapporteur.db")) {
        let _ = store.articles(&Query::default(), Page::default(), |article| {
            assert!(ids.insert(article.id), "an article is there twice");
            ControlFlow::Continue(())
        });
    }
    ids
}

/// Numbers that look as if by chance, the same in every run.
fn chance(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    *seed >> 33
}

/// `RAPPORTEUR_KILLS=50` kills as often.
#[test]
#[expect(clippy::print_stderr, reason = "many kills take long, and are made to be seen")]
fn killed_runs_lose_nothing_and_repeat_nothing() {
    let n_kills: u64 = std::env::var("RAPPORTEUR_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
    let inputs = folder("kill-inputs", &[("a.jsonl", &lines(0..1100)), ("b.jsonl", &lines(1000..1300))]);
    let settled = std::time::SystemTime::now() - Duration::from_secs(3600);
    for name in ["a.jsonl", "b.jsonl"] {
        std::fs::File::options().append(true).open(inputs.join(name)).unwrap().set_modified(settled).unwrap();
    }
    let whole = folder("kill-whole", &[]);
    let since = std::time::Instant::now();
    assert_eq!(run(&whole, &[inputs.to_str().unwrap()]).0, 0);
    let takes = since.elapsed().as_millis() as u64;
    let expected = content(&whole);

    let (mut seed, mut n_killed, mut n_runs) = (7, 0, 0);
    while n_killed < n_kills {
        let here = folder("killed", &[]);
        let mut acknowledged = BTreeSet::new();
        loop {
            n_runs += 1;
            assert!(n_runs < 40 + 10 * n_kills, "it does not come forward");
            let mut child = import(&here, &[inputs.to_str().unwrap()]).stdout(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(chance(&mut seed) % (takes / 2)));
            acknowledged.extend(ids(&here));
            if child.try_wait().unwrap().is_some() {
                break;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            n_killed += 1;
            let there = ids(&here);
            assert!(acknowledged.is_subset(&there), "what was stored is gone after {n_killed} kills");
            if !there.is_empty() {
                assert_sound(&here);
            }
            if n_killed >= n_kills {
                break;
            }
        }
        assert_eq!(run(&here, &[inputs.to_str().unwrap()]).0, 0);
        assert_sound(&here);
        assert!(content(&here) == expected, "another content after {n_killed} kills");
    }
    eprintln!("{n_killed} kills in {n_runs} runs: nothing lost, nothing twice, the same content");
}

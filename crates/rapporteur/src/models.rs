//! Which model reads, and where its weights are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use rapporteur::annotate::Annotator;

use crate::args::ModelName;
use crate::load;

/// The file of the accurate model.
const ACCURATE: &str = "accurate.rapmodel";
/// The variable that names a folder of models.
const FOLDER: &str = "RAPPORTEUR_MODELS";

/// A reader of that name.
pub(crate) fn annotator(name: &ModelName) -> anyhow::Result<Annotator> {
    let path = match name {
        ModelName::Fast => return Ok(Annotator::new()),
        ModelName::Rules => return Ok(Annotator::rules()),
        ModelName::Accurate | ModelName::Cascade => accurate()?,
        ModelName::File(path) => path.clone(),
    };
    let context = || path.display().to_string();
    let bytes = load::bytes(&path).map_err(|reason| anyhow!(reason)).with_context(context)?;
    let annotator = match name {
        ModelName::Accurate => Annotator::with_accurate(&bytes),
        ModelName::Cascade => Annotator::cascade(&bytes),
        _ => Annotator::with_model(&bytes),
    };
    annotator.with_context(context)
}

/// The first place where the accurate model is.
pub(crate) fn accurate() -> anyhow::Result<PathBuf> {
    let binary = env::current_exe().unwrap_or_default();
    let named = env::var_os(FOLDER).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let places = places(named, &binary, |folder| folder.join("Cargo.toml").is_file());
    if let Some(path) = places.iter().map(|folder| folder.join(ACCURATE)).find(|path| path.is_file()) {
        return Ok(path);
    }
    let places: Vec<String> = places.iter().map(|folder| folder.display().to_string()).collect();
    bail!(
        "{ACCURATE} is in none of {}: put it into one of them, or set {FOLDER} to its folder, or read with --model fast",
        places.join(", ")
    )
}

/// Where models may lie: in the folder that is named, beside the binary, in folders that go with it, and, if cargo built
/// it, in the repository.
fn places(named: Option<PathBuf>, binary: &Path, is_repository: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = named.into_iter().collect();
    if let Some(beside) = binary.parent() {
        places.extend([beside.to_owned(), beside.join("models")]);
        places.extend(beside.parent().map(|prefix| prefix.join("share/rapporteur/models")));
        let above = beside.ancestors().skip(1).take(MOST_ABOVE);
        places.extend(above.filter(|folder| is_repository(folder)).map(|folder| folder.join("models")));
    }
    places
}

/// A repository is no more folders above a binary that cargo built in it: `target/TRIPLE/release/deps`.
const MOST_ABOVE: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn found(named: Option<&str>, binary: &str, repository: &str) -> Vec<String> {
        let places = places(named.map(PathBuf::from), Path::new(binary), |folder| folder == Path::new(repository));
        places.iter().map(|folder| folder.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_folder_that_is_named_comes_first() {
        assert_eq!(
            found(Some("/data"), "/usr/bin/rapporteur", "/none"),
            ["/data", "/usr/bin", "/usr/bin/models", "/usr/share/rapporteur/models"]
        );
    }

    #[test]
    fn a_binary_that_cargo_built_looks_into_its_repository() {
        for binary in ["/repo/target/release/rapporteur", "/repo/target/triple/release/deps/rapporteur-1"] {
            assert_eq!(found(None, binary, "/repo").last().unwrap(), "/repo/models");
        }
        assert!(!found(None, "/repo/a/b/c/d/e/rapporteur", "/repo").contains(&"/repo/models".to_owned()));
    }

    #[test]
    fn a_binary_without_a_folder_looks_nowhere() {
        assert_eq!(found(None, "", "/none"), [""; 0]);
    }
}

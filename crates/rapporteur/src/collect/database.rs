//! The database, which is given back while there is nothing to do, so that others can write.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::PoisonError;
use std::thread;
use std::time::Duration;

use anyhow::anyhow;
use rapporteur::pretty::visible;
use rapporteur_store::{Batch, Error, Problem, Put, Store};

use super::workers::Shared;
use crate::interrupt;

/// What others are told that wait for it.
const HOLDER: &str = "`rapporteur collect`";
/// How often it is looked whether it is free.
const TICK: Duration = Duration::from_millis(100);

/// A database that is open, or will be.
pub(super) struct Database {
    path: PathBuf,
    waits: bool,
    store: Option<Store>,
}

impl Database {
    pub(super) fn new(path: &Path, waits: bool) -> Self {
        Database { path: path.to_owned(), waits, store: None }
    }

    /// Opens it if it is not open; who has it is waited for, if that is wanted.
    pub(super) fn open(&mut self, shared: &Shared) -> anyhow::Result<&mut Store> {
        if self.store.is_none() {
            let store = self.opened()?;
            *shared.packer.lock().unwrap_or_else(PoisonError::into_inner) = store.packer();
            self.store = Some(store);
        }
        Ok(self.store.as_mut().expect("it was opened"))
    }

    fn opened(&self) -> anyhow::Result<Store> {
        let mut is_told = false;
        loop {
            match Store::open_to_write(&self.path, HOLDER) {
                Err(error @ Error { problem: Problem::InUse(_), .. }) => {
                    if !self.waits {
                        return Err(anyhow!("{error}, or wait for it with --wait"));
                    }
                    if interrupt::asked() {
                        process::exit(interrupt::STATUS.into());
                    }
                    if !is_told {
                        let _ = writeln!(io::stderr(), "{}", visible(&format!("waiting: {error}")));
                        is_told = true;
                    }
                    thread::sleep(TICK);
                }
                opened => return Ok(opened?),
            }
        }
    }

    /// Stores a batch; what it teaches to pack is passed on.
    pub(super) fn put(&mut self, batch: &Batch, shared: &Shared) -> anyhow::Result<Put> {
        let store = self.open(shared)?;
        let put = store.put_batch(batch)?;
        *shared.packer.lock().unwrap_or_else(PoisonError::into_inner) = store.packer();
        Ok(put)
    }

    pub(super) fn close(&mut self) {
        self.store = None;
    }
}

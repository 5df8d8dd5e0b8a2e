//! A store that fails when told to: at a chosen call, in a chosen way.

use bancada_engine::store::{Batch, Changes, Entry, Revision, Store, StoreError, Versioned};
use bancada_store::MemoryStore;
use std::sync::Mutex;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// It does not happen, and says so.
    Unavailable,
    /// A commit happens, and says that it does not.
    Lost,
    /// A record is damaged.
    Corrupt,
}

#[derive(Debug, Clone, Copy)]
enum Plan {
    Sound,
    /// After as many calls that work.
    FailAfter(usize, How),
    /// Every commit meets another one.
    AlwaysConflict,
}

/// A memory store with a plan.
pub(crate) struct FaultyStore {
    inner: MemoryStore,
    state: Mutex<(Plan, usize)>,
    before_commit: Mutex<Option<Hook>>,
    after_get: Mutex<Option<Hook>>,
}

/// Something that happens once, in the middle of a call.
type Hook = Box<dyn FnOnce() + Send>;

impl FaultyStore {
    pub(crate) fn new() -> Self {
        Self {
            inner: MemoryStore::new(),
            state: Mutex::new((Plan::Sound, 0)),
            before_commit: Mutex::default(),
            after_get: Mutex::default(),
        }
    }

    /// Fails once, after this many calls that work.
    pub(crate) fn fail_after(&self, calls: usize, how: How) {
        *self.state.lock().unwrap() = (Plan::FailAfter(calls, how), 0);
    }

    /// Lets something happen just before the next commit.
    pub(crate) fn before_commit(&self, hook: impl FnOnce() + Send + 'static) {
        *self.before_commit.lock().unwrap() = Some(Box::new(hook));
    }

    /// Whether something still waits for a commit.
    pub(crate) fn is_waiting(&self) -> bool {
        self.before_commit.lock().unwrap().is_some()
    }

    /// Lets something happen after the next record was read, and before it is given out.
    pub(crate) fn after_get(&self, hook: impl FnOnce() + Send + 'static) {
        *self.after_get.lock().unwrap() = Some(Box::new(hook));
    }

    pub(crate) fn always_conflict(&self) {
        *self.state.lock().unwrap() = (Plan::AlwaysConflict, 0);
    }

    /// Works again; says whether it has failed, and how many commits were tried.
    pub(crate) fn mend(&self) -> (bool, usize) {
        let (plan, commits) = std::mem::replace(&mut *self.state.lock().unwrap(), (Plan::Sound, 0));
        (matches!(plan, Plan::Sound | Plan::AlwaysConflict), commits)
    }

    /// How the call that comes now fails, if it does.
    fn due(&self) -> Option<How> {
        let mut state = self.state.lock().unwrap();
        match &mut state.0 {
            Plan::FailAfter(0, how) => {
                let how = *how;
                state.0 = Plan::Sound;
                Some(how)
            }
            Plan::FailAfter(calls, _) => {
                *calls -= 1;
                None
            }
            _ => None,
        }
    }

    fn read(&self) -> Result<(), StoreError> {
        match self.due() {
            None => Ok(()),
            Some(How::Corrupt) => Err(StoreError::Corrupt("told to".to_owned())),
            Some(_) => Err(StoreError::Unavailable("told to".to_owned())),
        }
    }
}

impl Store for FaultyStore {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.read()?;
        let found = self.inner.get(key);
        let hook = self.after_get.lock().unwrap().take();
        if let Some(hook) = hook {
            hook();
        }
        found
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.read()?;
        self.inner.scan(prefix, after, limit)
    }

    fn commit(&self, batch: &Batch) -> Result<Revision, StoreError> {
        let hook = self.before_commit.lock().unwrap().take();
        if let Some(hook) = hook {
            hook();
        }
        {
            let mut state = self.state.lock().unwrap();
            state.1 += 1;
            if matches!(state.0, Plan::AlwaysConflict) {
                return Err(StoreError::Conflict);
            }
        }
        match self.due() {
            None => self.inner.commit(batch),
            Some(How::Lost) => {
                self.inner.commit(batch)?;
                Err(StoreError::Unavailable("the answer is lost".to_owned()))
            }
            Some(_) => Err(StoreError::Unavailable("told to".to_owned())),
        }
    }

    fn revision(&self) -> Revision {
        self.inner.revision()
    }

    fn changes(&self, since: Revision) -> Result<Changes, StoreError> {
        self.read()?;
        self.inner.changes(since)
    }
}

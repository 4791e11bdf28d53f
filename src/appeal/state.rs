//! State x move in one exhaustive match: a changed rule is a changed arm.

/// Where an appeal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum State {
    /// The head has to decide: who, when, what.
    Undecided,
    /// Somebody has it.
    Assigned,
    /// In work.
    Taken,
    /// Done.
    Closed,
}

impl State {
    /// All states.
    pub const ALL: [State; 4] = [State::Undecided, State::Assigned, State::Taken, State::Closed];
    /// Key in schema and CLI.
    pub fn key(self) -> &'static str {
        match self {
            State::Undecided => "undecided",
            State::Assigned => "assigned",
            State::Taken => "taken",
            State::Closed => "closed",
        }
    }
    /// In words.
    pub fn title(self) -> &'static str {
        match self {
            State::Undecided => "ждёт решения руководителя",
            State::Assigned => "передана специалисту",
            State::Taken => "в работе",
            State::Closed => "закрыта",
        }
    }
    /// The state of a key.
    pub fn from_key(key: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// What can happen to an appeal's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// Given to somebody.
    Assign,
    /// Taken into work.
    Take,
    /// The author is invited.
    Invite,
    /// Put before the head.
    Ask,
    /// More time.
    Extend,
    /// Answered and closed.
    Close,
    /// «Не помогло».
    Reopen,
}

impl Move {
    /// All moves.
    pub const ALL: [Move; 7] = [Move::Assign, Move::Take, Move::Invite, Move::Ask, Move::Extend, Move::Close, Move::Reopen];
}

/// Why a move is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Closed already.
    #[error("appeal is closed; reopen it first (order N reopen)")]
    Closed,
    /// Not closed.
    #[error("appeal is open already")]
    Open,
    /// Nobody has it yet.
    #[error("nobody has the appeal yet; assign it first (order N assign ID)")]
    Unassigned,
}

/// The state after a move.
pub fn after(state: State, step: Move) -> Result<State, Refusal> {
    match (state, step) {
        (State::Undecided | State::Assigned | State::Taken, Move::Assign) => Ok(State::Assigned),
        (State::Undecided | State::Assigned | State::Taken, Move::Take) => Ok(State::Taken),
        (State::Undecided, Move::Invite) => Err(Refusal::Unassigned),
        (State::Assigned | State::Taken, Move::Invite) => Ok(State::Taken),
        (State::Undecided | State::Assigned | State::Taken, Move::Ask) => Ok(State::Undecided),
        (State::Undecided, Move::Extend) => Ok(State::Undecided),
        (State::Assigned, Move::Extend) => Ok(State::Assigned),
        (State::Taken, Move::Extend) => Ok(State::Taken),
        (State::Undecided | State::Assigned | State::Taken, Move::Close) => Ok(State::Closed),
        (State::Undecided | State::Assigned | State::Taken, Move::Reopen) => Err(Refusal::Open),
        (State::Closed, Move::Reopen) => Ok(State::Assigned),
        (State::Closed, Move::Assign | Move::Take | Move::Invite | Move::Ask | Move::Extend | Move::Close) => Err(Refusal::Closed),
    }
}

//! Decisions, one event at a time; whole stories are in `tests/scenarios`.

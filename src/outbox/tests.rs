//! Tests of the retry rule.

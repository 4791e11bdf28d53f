//! Tests of the jobs.

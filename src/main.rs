//! The binary: arguments, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    otklik::cli::main()
}

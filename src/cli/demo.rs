//! stub
use anyhow::Result;
use std::io::Write;
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    #[arg(long)]
    out: Option<std::path::PathBuf>,
}
impl Demo {
    pub(super) fn run(self, out: &mut impl Write) -> Result<()> {
        writeln!(out, "{:?}", self.out)?;
        Ok(())
    }
}

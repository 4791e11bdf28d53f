//! Drawings as PNG, by `resvg`, with the two faces that are shipped with the program and no others: the same bytes on every machine.

use super::chart::Chart;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// Pixels per unit of the drawing: sharp on a telephone of today.
const SCALE: f32 = 2.5;

/// Noto Sans (SIL OFL 1.1, templates/fonts), the letters, digits and signs that Russian letters use.
const FACES: [&[u8]; 2] = [include_bytes!("../../templates/fonts/NotoSans-Regular.ttf"), include_bytes!("../../templates/fonts/NotoSans-Bold.ttf")];

impl Chart {
    /// The drawing's PNG; `None` where the drawing could not be made, which leaves its words.
    pub fn png(&self) -> Option<Vec<u8>> {
        let mut options = Options::default();
        for face in FACES {
            options.fontdb_mut().load_font_data(face.to_vec());
        }
        let tree = Tree::from_str(&self.svg(), &options).ok()?;
        let size = tree.size().to_int_size().scale_by(SCALE)?;
        let mut pixels = Pixmap::new(size.width(), size.height())?;
        resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
        pixels.encode_png().ok()
    }
}

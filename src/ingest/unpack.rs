//! Packed inputs: the bytes of a file go in, counted and hashed on the way; the bytes inside come out.
//!
//! gzip and zstd are told by how the bytes begin, whatever the name says, and unpacked as they are read. What is inside may
//! be as long as the limits `unpacked-bytes` and `unpacked-ratio` allow. An error comes again with each further read: who
//! reads ahead may drop it, hand on what came before it, and meet it again.

use std::io::{self, BufRead, BufReader, Chain, Cursor, ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::limits::{Limit, Limits};
use crate::text::hex;

const BUFFER: usize = 256 * 1024;
/// The longest beginning that tells a packing.
const SIGNATURE: u64 = 4;
/// Short texts of one repeated byte pack very well; below this length the ratio says nothing.
const RATIO_FROM: u64 = 10 * 1024 * 1024;
/// How far back zstd may refer, as a power of two: what `zstd --long` writes, and no more memory than that.
const ZSTD_WINDOW: u32 = 27;

/// How an input is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// RFC 1952, one member or several.
    Gzip,
    /// RFC 8878, one frame or several.
    Zstd,
}

impl Packing {
    /// Every packing.
    pub const ALL: [Self; 2] = [Self::Gzip, Self::Zstd];

    /// The name used in messages and in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// The extension of such files.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Zstd => "zst",
        }
    }

    /// The packing of bytes that begin so.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|packing| head.starts_with(packing.signature()))
    }

    fn signature(self) -> &'static [u8] {
        match self {
            Self::Gzip => b"\x1f\x8b",
            Self::Zstd => b"\x28\xb5\x2f\xfd",
        }
    }
}

/// Counts and hashes what is read through it.
struct Tap {
    input: Box<dyn BufRead + Send>,
    hash: Sha256,
    bytes: u64,
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.bytes += u64::try_from(count).unwrap_or(u64::MAX);
        Ok(count)
    }
}

type Packed = BufReader<Chain<Cursor<Vec<u8>>, Tap>>;

enum Stream {
    Plain(Packed),
    Gzip(Box<MultiGzDecoder<Packed>>),
    Zstd(zstd::Decoder<'static, Packed>),
}

impl Stream {
    fn packed(&self) -> &Packed {
        match self {
            Self::Plain(packed) => packed,
            Self::Gzip(decoder) => decoder.get_ref(),
            Self::Zstd(decoder) => decoder.get_ref(),
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(packed) => packed.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
        }
    }
}

/// The bytes inside an input, packed or not.
pub(super) struct Unpacked {
    stream: Stream,
    packing: Option<Packing>,
    limits: Limits,
    /// How many bytes came out.
    bytes: u64,
    /// The error met, to be told again.
    failed: Option<(ErrorKind, String)>,
}

impl Unpacked {
    pub(super) fn open(input: Box<dyn BufRead + Send>, limits: Limits) -> io::Result<Self> {
        let mut tap = Tap { input, hash: Sha256::new(), bytes: 0 };
        let mut head = vec![];
        tap.by_ref().take(SIGNATURE).read_to_end(&mut head)?;
        let packing = Packing::of(&head);
        let packed = BufReader::with_capacity(BUFFER, Cursor::new(head).chain(tap));
        let stream = match packing {
            None => Stream::Plain(packed),
            Some(Packing::Gzip) => Stream::Gzip(Box::new(MultiGzDecoder::new(packed))),
            Some(Packing::Zstd) => {
                let mut decoder = zstd::Decoder::with_buffer(packed)?;
                decoder.window_log_max(ZSTD_WINDOW)?;
                Stream::Zstd(decoder)
            }
        };
        Ok(Self { stream, packing, limits, bytes: 0, failed: None })
    }

    /// How the input is packed, if it is.
    pub(super) fn packing(&self) -> Option<Packing> {
        self.packing
    }

    /// Number and SHA-256 of the bytes of the input itself, as far as they are read.
    pub(super) fn account(&self) -> (u64, String) {
        let tap = self.stream.packed().get_ref().get_ref().1;
        (tap.bytes, hex(&tap.hash.clone().finalize()))
    }

    fn within_limits(&self) -> io::Result<()> {
        let packed = self.stream.packed().get_ref().get_ref().1.bytes;
        let over = |limit, what| Err(io::Error::new(ErrorKind::InvalidData, self.limits.over(limit, what)));
        if self.packing.is_none() {
            return Ok(());
        }
        if self.bytes > self.limits.get(Limit::UnpackedBytes) {
            return over(Limit::UnpackedBytes, "unpacked, the file is longer");
        }
        if self.bytes > RATIO_FROM && self.bytes > packed.saturating_mul(self.limits.get(Limit::UnpackedRatio)) {
            return over(Limit::UnpackedRatio, "unpacked, the file is longer by a factor greater");
        }
        Ok(())
    }

    /// What went wrong with packed data, in plain words. What the operating system says stays as it is.
    fn explain(&self, error: io::Error) -> io::Error {
        let Some(packing) = self.packing.filter(|_| error.raw_os_error().is_none()) else { return error };
        let packed = self.stream.packed();
        let at = packed.get_ref().get_ref().1.bytes - u64::try_from(packed.buffer().len()).unwrap_or(0);
        let packing = packing.name();
        let text = match error.kind() {
            ErrorKind::Interrupted => return error,
            ErrorKind::UnexpectedEof => {
                format!("the {packing} data is cut off after {at} bytes; fetch the file again")
            }
            _ => format!("the {packing} data is damaged within its first {at} bytes ({error}); fetch the file again"),
        };
        io::Error::new(ErrorKind::InvalidData, text)
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some((kind, text)) = &self.failed {
            return Err(io::Error::new(*kind, text.clone()));
        }
        let read = self.within_limits().and_then(|()| self.stream.read(buffer).map_err(|error| self.explain(error)));
        match &read {
            Ok(count) => self.bytes += u64::try_from(*count).unwrap_or(u64::MAX),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => self.failed = Some((error.kind(), error.to_string())),
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
        encoder.write_all(bytes).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = zstd::Encoder::new(vec![], 3).expect("memory can be written");
        encoder.include_checksum(true).expect("a fresh encoder");
        encoder.write_all(bytes).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    /// What comes out, and the error it ends with.
    fn unpacked(bytes: &[u8], limits: Limits) -> (Vec<u8>, Option<String>) {
        let mut stream = Unpacked::open(Box::new(Cursor::new(bytes.to_vec())), limits).expect("memory can be read");
        let mut out = vec![];
        let error = stream.read_to_end(&mut out).err();
        if let Some(error) = &error {
            let again = stream.read(&mut [0]).expect_err("an error comes again");
            assert_eq!((again.kind(), again.to_string()), (error.kind(), error.to_string()));
        }
        (out, error.map(|error| error.to_string()))
    }

    #[test]
    fn what_was_packed_comes_out_member_after_member() {
        for pack in [gzip, zstd] {
            let packed = [pack(b"one\n"), pack(b""), pack(b"two\n")].concat();
            assert_eq!(unpacked(&packed, Limits::default()), (b"one\ntwo\n".to_vec(), None));
        }
        for plain in [b"".as_slice(), b"\x1f", b"\x1f\x8c", b"abc"] {
            assert_eq!(unpacked(plain, Limits::default()), (plain.to_vec(), None));
        }
    }

    #[test]
    fn the_account_is_of_the_packed_bytes() {
        let packed = gzip(b"abc");
        let mut stream = Unpacked::open(Box::new(Cursor::new(packed.clone())), Limits::default()).expect("readable");
        io::copy(&mut stream, &mut io::sink()).expect("sound");
        assert_eq!(stream.account(), (packed.len() as u64, hex(&Sha256::digest(&packed))));
        assert_eq!(stream.packing(), Some(Packing::Gzip));
    }

    /// Bytes that do not pack well.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn data_that_is_cut_off_gives_what_came_before_and_says_so() {
        let whole = noise(1 << 20);
        for (pack, name) in [(gzip as fn(&[u8]) -> Vec<u8>, "gzip"), (zstd, "zstd")] {
            let packed = pack(&whole);
            let half = packed.len() / 2;
            let (out, error) = unpacked(&packed[..half], Limits::default());
            assert!(out.len() > whole.len() / 4 && whole.starts_with(&out), "{name}: {} bytes", out.len());
            let want = format!("the {name} data is cut off after {half} bytes; fetch the file again");
            assert_eq!(error, Some(want));
        }
    }

    #[test]
    fn damaged_data_is_an_error_with_its_place() {
        for (pack, name) in [(gzip as fn(&[u8]) -> Vec<u8>, "gzip"), (zstd, "zstd")] {
            let mut packed = pack(&b"abcdefgh".repeat(100));
            let middle = packed.len() / 2;
            packed[middle] ^= 0xff;
            packed[middle + 1] ^= 0xff;
            let error = unpacked(&packed, Limits::default()).1.unwrap_or_default();
            assert!(error.starts_with(&format!("the {name} data is damaged within its first ")), "{error}");
        }
    }

    #[test]
    fn a_file_that_unpacks_to_too_much_is_stopped_at_the_limit() {
        let packed = gzip(&vec![b'x'; 64 << 20]);
        let (out, error) = unpacked(&packed, Limits::default());
        let error = error.unwrap_or_default();
        assert!(out.len() < 24 << 20, "{}", out.len());
        assert!(error.contains("by a factor greater than 200 (limit `unpacked-ratio`)"), "{error}");
        let trusting = Limits::default().with(Limit::UnpackedRatio, 10_000);
        assert_eq!(unpacked(&packed, trusting).0.len(), 64 << 20);
        let (out, error) = unpacked(&zstd(&noise(5000)), Limits::default().with(Limit::UnpackedBytes, 1000));
        assert!(out.len() <= 5000);
        let error = error.unwrap_or_default();
        assert!(error.contains("longer than 1000 bytes (limit `unpacked-bytes`)"), "{error}");
    }

    #[test]
    fn a_small_frame_cannot_ask_for_gigabytes() {
        // A frame header that declares a window of 2 GiB, and one empty last block.
        let frame = [b"\x28\xb5\x2f\xfd".as_slice(), &[0x00, 21 << 3, 0x01, 0x00, 0x00]].concat();
        let error = unpacked(&frame, Limits::default()).1.unwrap_or_default();
        assert!(error.contains("too much memory"), "{error}");
    }
}

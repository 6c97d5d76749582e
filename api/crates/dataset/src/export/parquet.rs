//! Apache Parquet: the columns as strings, compressed with zstd.

use std::sync::Arc;

use journal::Schema;
use parquet::{
    basic::{Compression, ZstdLevel},
    data_type::{ByteArray, ByteArrayType},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::{parser::parse_message_type, types::ColumnPath},
};

use crate::output_file::OutputFile;

/// The size of a row group, in bytes of values. A reader reads one at a time; the writer holds one and its compressed form.
const ROW_GROUP_BYTES: usize = 12 * 1024 * 1024;

/// Columns whose values repeat: they get a dictionary.
const REPEATING: [&str; 9] =
    ["event", "failure_reason", "distinct_id", "kind", "model", "provider", "http_status", "tools", "label"];

/// Writes rows into a file.
pub(super) struct ParquetWriter {
    file: SerializedFileWriter<OutputFile>,
    columns: Vec<Column>,
    bytes: usize,
}

/// The values of a column that are not written yet.
#[derive(Clone, Default)]
struct Column {
    values: Vec<u8>,
    ends: Vec<usize>,
}

impl ParquetWriter {
    pub(super) fn new(file: OutputFile, schema: &Schema) -> anyhow::Result<Self> {
        let columns: String = schema.keys.iter().map(|key| format!("REQUIRED BINARY {key} (UTF8);")).collect();
        let message = parse_message_type(&format!("message failed_generation {{{columns}}}"))?;
        let mut properties = WriterProperties::builder()
            .set_created_by(concat!("misfire ", env!("CARGO_PKG_VERSION")).into())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_dictionary_enabled(false);
        for column in REPEATING.into_iter().filter(|column| schema.keys.contains(column)) {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(column), true);
        }
        let file = SerializedFileWriter::new(file, Arc::new(message), Arc::new(properties.build()))?;
        Ok(Self { file, columns: vec![Column::default(); schema.keys.len()], bytes: 0 })
    }

    pub(super) fn write(&mut self, values: &[&str]) -> anyhow::Result<()> {
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.values.extend_from_slice(value.as_bytes());
            column.ends.push(column.values.len());
            self.bytes += value.len();
        }
        if self.bytes >= ROW_GROUP_BYTES {
            self.write_row_group()?;
        }
        Ok(())
    }

    /// Ends the file's contents; its name is given by the caller.
    pub(super) fn finish(mut self) -> anyhow::Result<OutputFile> {
        self.write_row_group()?;
        Ok(self.file.into_inner()?)
    }

    fn write_row_group(&mut self) -> anyhow::Result<()> {
        if self.bytes == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            let Column { values, ends } = std::mem::take(column);
            let values = ByteArray::from(values);
            let mut start = 0;
            let slices: Vec<_> = ends
                .into_iter()
                .map(|end| {
                    let slice = values.slice(start, end - start);
                    start = end;
                    slice
                })
                .collect();
            if let Some(mut writer) = group.next_column()? {
                writer.typed::<ByteArrayType>().write_batch(&slices, None, None)?;
                writer.close()?;
            }
        }
        group.close()?;
        self.bytes = 0;
        Ok(())
    }
}

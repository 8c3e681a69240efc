// The files of a drop, where a folder stands for the files in it.

export async function filesOf(transfer: DataTransfer): Promise<File[]> {
  // Both must be asked before the first wait: a drop's data ends with its event.
  const plain = [...transfer.files];
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const folders = entries.filter((entry) => entry?.isDirectory);
  if (folders.length === 0) return plain;
  const files = entries.flatMap((entry, i) =>
    entry?.isFile && plain[i] ? [plain[i]] : [],
  );
  for (const folder of folders) {
    files.push(...(await filesIn(folder as FileSystemDirectoryEntry)));
  }
  return files;
}

/** Those in the folder itself: a run has no others. */
async function filesIn(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const files: File[] = [];
  for (;;) {
    // It gives some at a time, and at the end none.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (entries.length === 0) return files;
    for (const entry of entries) {
      if (!entry.isFile) continue;
      files.push(
        await new Promise<File>((resolve, reject) => {
          (entry as FileSystemFileEntry).file(resolve, reject);
        }),
      );
    }
  }
}

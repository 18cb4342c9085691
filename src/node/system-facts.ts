/** What the system says of itself. */
import { readFileSync, statfsSync } from 'node:fs'
import process from 'node:process'

/** Tells one boot of the system from another; empty where the system does not say. Linux only. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

/**
 * File systems of one machine alone, by the numbers that Linux gives them. FUSE and 9p are not among them:
 * what is behind them may be another machine.
 *
 * @see https://man7.org/linux/man-pages/man2/statfs.2.html
 */
const LOCAL_FILE_SYSTEMS: readonly number[] = [
  0xef53, // ext2, ext3, ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x2fc12fc1, // zfs
  0xf2f52010, // f2fs
  0xca451a4e, // bcachefs
  0x3153464a, // jfs
  0x3434, // nilfs
  0x794c7630, // overlay, as in containers
  0x01021994, // tmpfs
  0x4d44, // vfat
  0x2011bab0, // exfat
  0x5346544e, // ntfs
  0x7366746e, // ntfs3
]

/** Whether the file system of a path is known to be of this machine alone. Linux only. */
export function isOnLocalFileSystem(path: string): boolean {
  if (process.platform !== 'linux') return false
  try {
    return LOCAL_FILE_SYSTEMS.includes(statfsSync(path).type)
  } catch {
    return false
  }
}

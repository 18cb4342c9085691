/** The peak of the memory of this process. */
const rss = () => process.memoryUsage.rss()
const mark = () => process.resourceUsage().maxRSS * 1024

/** Watches RSS until what it returns is called, which tells the peak in MB: all of it, and over the start. */
export function watchRss() {
  const [start, markBefore] = [rss(), mark()]
  let sampled = start
  const timer = setInterval(() => (sampled = Math.max(sampled, rss())), 5)
  return () => {
    clearInterval(timer)
    // The system's own mark misses nothing between two samples, but may stem from before the start, even from
    // the parent process.
    const peak = Math.max(sampled, rss(), mark() > markBefore ? mark() : 0)
    return { peakMb: peak / 1e6, mb: (peak - start) / 1e6 }
  }
}

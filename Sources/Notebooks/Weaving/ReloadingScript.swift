import Formats

/// The script of a page that loads itself again when a newer one has been written. A page on the disk may not
/// read files, but may load scripts: the number of the newest page is in one next to it. So no server is
/// needed, and a page that did not change stays where the reader has scrolled to.
enum ReloadingScript {
  /// The script of the page with a number; `file` calls `limbeckVersion` with that of the newest.
  static func text(_ version: Int, from file: String) -> String {
    """
    <script>
    function limbeckVersion(newest) { if (newest !== \(version)) location.reload() }
    setInterval(() => {
      const script = document.createElement("script")
      script.src = "\(PercentCoding.encoded(file))?" + Date.now()
      script.onload = script.onerror = () => script.remove()
      document.head.append(script)
    }, 500)
    </script>

    """
  }
}

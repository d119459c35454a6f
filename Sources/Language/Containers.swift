import Host
import OrderedCollections

/// A list: a reference. Its items are released through a worklist, never by recursion.
public final class List {
  /// The items.
  public var items: [Value]
  /// Makes a list.
  public init(_ items: [Value]) { self.items = items }
}

/// A map: a reference that keeps insertion order.
public final class Map {
  /// A key: a string, number or bool.
  public enum Key: Hashable {
    case string(String)
    case number(Double)
    case bool(Bool)
  }
  /// The entries.
  public var entries: OrderedDictionary<Key, Value>
  /// Makes a map.
  public init(_ entries: OrderedDictionary<Key, Value> = [:]) { self.entries = entries }
}

/// A string, boxed to keep `Value` small.
public final class StringBox {
  /// The text.
  public let text: String
  /// Makes a string.
  public init(_ text: String) { self.text = text }
}

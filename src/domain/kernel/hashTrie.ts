/**
 * A persistent map from text to values: a hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001) of 32-way nodes.
 * A change copies the path to the key, never the map, so that a state can be evolved tentatively and thrown away.
 */
export interface HashTrie<Value> {
  readonly size: number;
  readonly root: Node<Value> | undefined;
}

type Node<Value> = Leaf<Value> | Collision<Value> | Branch<Value>;
interface Leaf<Value> {
  readonly kind: 'leaf';
  readonly hash: number;
  readonly key: string;
  readonly value: Value;
}
/** Keys of one and the same 32-bit hash. */
interface Collision<Value> {
  readonly kind: 'collision';
  readonly hash: number;
  readonly leaves: readonly Leaf<Value>[];
}
/** Bit n of `bitmap` says whether there is a child for the symbol n; children stand in the order of their bits. */
interface Branch<Value> {
  readonly kind: 'branch';
  readonly bitmap: number;
  readonly children: readonly Node<Value>[];
}

const BITS = 5;
const MASK = 31;

/** The map without entries. */
export const emptyTrie: HashTrie<never> = { size: 0, root: undefined };

/** The value under the key, or undefined. */
export const trieGet = <Value>(trie: HashTrie<Value>, key: string): Value | undefined => find(trie.root, key)?.value;

/** The map with the value under the key, whether or not there was one before. */
export function trieSet<Value>(trie: HashTrie<Value>, key: string, value: Value): HashTrie<Value> {
  const leaf: Leaf<Value> = { kind: 'leaf', hash: hashOf(key), key, value };
  return {
    size: find(trie.root, key) ? trie.size : trie.size + 1,
    root: trie.root ? insert(trie.root, leaf, 0) : leaf,
  };
}

/** The map without the key; the same map where there was none. */
export function trieRemove<Value>(trie: HashTrie<Value>, key: string): HashTrie<Value> {
  const leaf = find(trie.root, key);
  return trie.root && leaf ? { size: trie.size - 1, root: without(trie.root, leaf, 0) } : trie;
}

/** Every key with its value, in the order of the hashes: the same for the same entries, however they came there. */
export function* trieEntries<Value>(trie: HashTrie<Value>): Generator<readonly [string, Value], void, undefined> {
  const open: Node<Value>[] = trie.root ? [trie.root] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'leaf') yield [node.key, node.value];
    else if (node.kind === 'branch') open.push(...node.children.toReversed());
    else for (const { key, value } of node.leaves) yield [key, value];
  }
}

/** A map of the given entries; of two with one key the later holds. */
export function trieOf<Value>(entries: Iterable<readonly [string, Value]>): HashTrie<Value> {
  let trie: HashTrie<Value> = emptyTrie;
  for (const [key, value] of entries) trie = trieSet(trie, key, value);
  return trie;
}

function find<Value>(root: Node<Value> | undefined, key: string): Leaf<Value> | undefined {
  const hash = hashOf(key);
  let node = root;
  for (let shift = 0; node?.kind === 'branch'; shift += BITS) {
    const bit = bitOf(hash, shift);
    node = node.bitmap & bit ? node.children[indexOf(node.bitmap, bit)] : undefined;
  }
  if (node?.kind === 'collision') return node.leaves.find((leaf) => leaf.key === key);
  return node?.key === key ? node : undefined;
}

function insert<Value>(node: Node<Value>, leaf: Leaf<Value>, shift: number): Node<Value> {
  if (node.kind === 'branch') {
    const bit = bitOf(leaf.hash, shift);
    const index = indexOf(node.bitmap, bit);
    const child = node.bitmap & bit ? node.children[index] : undefined;
    return child
      ? { ...node, children: node.children.with(index, insert(child, leaf, shift + BITS)) }
      : { kind: 'branch', bitmap: node.bitmap | bit, children: node.children.toSpliced(index, 0, leaf) };
  }
  if (node.hash !== leaf.hash) return fork(node, leaf, shift);
  const others = (node.kind === 'leaf' ? [node] : node.leaves).filter(({ key }) => key !== leaf.key);
  if (others.length === 0) return leaf;
  // sorted, so that the same entries make the same map
  return { kind: 'collision', hash: leaf.hash, leaves: [...others, leaf].sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

/** The smallest branch that keeps two different hashes apart. */
function fork<Value>(a: Leaf<Value> | Collision<Value>, b: Leaf<Value>, shift: number): Branch<Value> {
  const bitOfA = bitOf(a.hash, shift);
  const bitOfB = bitOf(b.hash, shift);
  if (bitOfA === bitOfB) return { kind: 'branch', bitmap: bitOfA, children: [fork(a, b, shift + BITS)] };
  return { kind: 'branch', bitmap: bitOfA | bitOfB, children: bitOfA >>> 0 < bitOfB >>> 0 ? [a, b] : [b, a] };
}

/** The node without a leaf that it holds; a branch that is left with one leaf becomes that leaf. */
function without<Value>(node: Node<Value>, leaf: Leaf<Value>, shift: number): Node<Value> | undefined {
  if (node.kind === 'leaf') return undefined;
  if (node.kind === 'collision') {
    const leaves = node.leaves.filter(({ key }) => key !== leaf.key);
    return leaves.length === 1 ? leaves[0] : { ...node, leaves };
  }
  const bit = bitOf(leaf.hash, shift);
  const index = indexOf(node.bitmap, bit);
  const child = node.children[index];
  const rest = child && without(child, leaf, shift + BITS);
  const children = rest ? node.children.with(index, rest) : node.children.toSpliced(index, 1);
  const [only] = children;
  if (children.length === 1 && only && only.kind !== 'branch') return only;
  return children.length === 0
    ? undefined
    : { kind: 'branch', bitmap: rest ? node.bitmap : node.bitmap & ~bit, children };
}

/** FNV-1a, 32 bits, over UTF-16 code units (draft-eastlake-fnv). */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash;
}

const bitOf = (hash: number, shift: number): number => 1 << ((hash >>> shift) & MASK);

/** The place of a child: how many children stand before its bit. */
function indexOf(bitmap: number, bit: number): number {
  let bits = bitmap & (bit - 1);
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

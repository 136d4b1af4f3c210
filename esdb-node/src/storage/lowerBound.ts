/** The index of the first element that is not below `value`, in a list that `key` orders. */
export const lowerBound = <T>(list: readonly T[], value: number, key: (item: T) => number): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (key(list[middle] as T) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

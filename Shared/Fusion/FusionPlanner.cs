using System.Collections.Generic;

namespace Kernels.Fusion;

/// <summary>
/// Says which nodes of a network form a step. A convolution, transposed convolution or linear layer takes the functions behind it, as long as
/// nothing else reads between: first a batch norm into its weights, then functions that its kernel can end with, and once the sum with
/// another value. Binary functions take a ReLU.
/// </summary>
internal static class FusionPlanner
{
    /// <summary>Plans a network.</summary>
    /// <param name="nodes">Its nodes, in an order in which they can run.</param>
    /// <param name="output">The value that it returns, which nothing is fused behind.</param>
    /// <returns>The groups, in an order in which they can run; each node is in one of them.</returns>
    public static IReadOnlyList<FusionGroup> Plan(IReadOnlyList<FusionNode> nodes, int output)
    {
        int[] readers = Readers(nodes, output);
        bool[] isOnePixel = OnePixel(nodes);

        // The group that ends with each value.
        var ends = new OpenGroup?[nodes.Count + 1];
        for (int i = 0; i < nodes.Count; i++)
        {
            FusionNode node = nodes[i];
            OpenGroup? group = null;
            if (node.Kind == FusionKind.Function)
            {
                group = Open(node.Inputs[0]);
                group = group?.Take(i, node.Function) == true ? group : null;
            }
            else if (node.Kind == FusionKind.Add && node.Inputs[0] != node.Inputs[1] && isOnePixel[node.Inputs[0]] == isOnePixel[node.Inputs[1]])
            {
                // What is made last joins, so that the other one is there in any case.
                bool isSecondLater = node.Inputs[1] > node.Inputs[0];
                int later = node.Inputs[isSecondLater ? 1 : 0];
                int earlier = node.Inputs[isSecondLater ? 0 : 1];
                group = TakeSum(later, earlier, i) ?? TakeSum(earlier, later, i);
            }

            if (group is null)
            {
                group = new OpenGroup(i, node);
            }
            else
            {
                ends[group.EndsWith] = null;
            }

            group.EndsWith = i + 1;
            ends[i + 1] = group;
        }

        var groups = new List<FusionGroup>();
        foreach (OpenGroup? group in ends)
        {
            if (group is not null)
            {
                groups.Add(group.Close());
            }
        }

        return groups;

        OpenGroup? Open(int value) => readers[value] == 1 ? ends[value] : null;

        OpenGroup? TakeSum(int value, int second, int node) => Open(value) is OpenGroup group && group.TakeSum(node, second) ? group : null;
    }

    private static int[] Readers(IReadOnlyList<FusionNode> nodes, int output)
    {
        var readers = new int[nodes.Count + 1];
        readers[output]++;
        foreach (FusionNode node in nodes)
        {
            foreach (int input in node.Inputs)
            {
                readers[input]++;
            }
        }

        return readers;
    }

    /// <summary>Whether a value is known to be one pixel: a sum with an image is no sum of two like values then.</summary>
    private static bool[] OnePixel(IReadOnlyList<FusionNode> nodes)
    {
        var isOnePixel = new bool[nodes.Count + 1];
        for (int i = 0; i < nodes.Count; i++)
        {
            FusionNode node = nodes[i];
            bool keeps = node.KeepsPixels || node.Kind is FusionKind.Function or FusionKind.Add or FusionKind.Binary;
            foreach (int input in node.Inputs)
            {
                keeps &= isOnePixel[input];
            }

            isOnePixel[i + 1] = node.MakesOnePixel || keeps;
        }

        return isOnePixel;
    }

    /// <summary>A group that may grow.</summary>
    private sealed class OpenGroup
    {
        private readonly List<int> _nodes;
        private readonly List<FusedFunction> _functions = new List<FusedFunction>();
        private readonly FusionNode _head;
        private int _batchNorm = -1;
        private int _second = -1;

        public OpenGroup(int index, FusionNode head)
        {
            _head = head;
            _nodes = new List<int> { index };
            if (head.Activation is FusedFunction activation)
            {
                _functions.Add(activation);
            }
        }

        /// <summary>The value that its last node makes.</summary>
        public int EndsWith { get; set; }

        public bool Take(int node, FusedFunction function)
        {
            if (_head.IsFixed || !(_head.Kind == FusionKind.Weighted || (IsBinary && function == FusedFunction.Relu && _functions.Count == 0)))
            {
                return false;
            }

            _nodes.Add(node);
            if (function == FusedFunction.ChannelAffine && _nodes.Count == 2 && _functions.Count == 0)
            {
                _batchNorm = node;
            }
            else
            {
                _functions.Add(function);
            }

            return true;
        }

        public bool TakeSum(int node, int second)
        {
            if (_head.Kind != FusionKind.Weighted || _head.IsFixed || _second >= 0)
            {
                return false;
            }

            _nodes.Add(node);
            _functions.Add(FusedFunction.Add);
            _second = second;
            return true;
        }

        public FusionGroup Close()
        {
            bool isPyTorchs = _functions.Count == 1
                && (_functions[0] is FusedFunction.Relu || (!IsBinary && (_functions[0] is FusedFunction.Relu6 || (_functions[0] is FusedFunction.LeakyRelu && !_head.IsLinear))));
            return isPyTorchs
                ? new FusionGroup(_nodes, new FusedFunction[0], _batchNorm, _second, _functions[0])
                : new FusionGroup(_nodes, _functions, _batchNorm, _second, null);
        }

        private bool IsBinary => _head.Kind is FusionKind.Add or FusionKind.Binary;
    }
}
